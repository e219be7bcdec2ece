using Dapper;

namespace AiPlatform.Services.Api.Clients;

/// <summary>
/// Which clients of their practice a caller may see. Stores make it part of their statements, so that what lies outside is neither
/// listed nor counted.
/// </summary>
internal sealed record ClientScope
{
    private Guid? _clientId;
    private Guid? _practitionerId;
    private DateOnly _day;

    private ClientScope()
    {
    }

    public static ClientScope WholePractice { get; } = new();

    public static ClientScope Nobody { get; } = Only(Guid.Empty);

    public bool IsWholePractice => _clientId is null && _practitionerId is null;

    public static ClientScope Only(Guid clientId) => new() { _clientId = clientId };

    /// <summary>Those whom the practitioner treats on that day: the relation has begun, and its end has not come.</summary>
    public static ClientScope TreatedBy(Guid practitionerId, DateOnly day) => new() { _practitionerId = practitionerId, _day = day };

    /// <summary>The condition of a statement that has <c>@practiceId</c>; its other parameters come with <see cref="AddTo"/>.</summary>
    /// <param name="clientColumn">With its table: <c>s.client_id</c>.</param>
    public string Condition(string clientColumn) => this switch
    {
        { _clientId: not null } => $"{clientColumn} = @scopeClientId",
        { _practitionerId: not null } => $"exists (select 1 {Treated(clientColumn)})",
        _ => "true",
    };

    /// <summary>
    /// The same for a statement whose other conditions leave few rows: the relation of each is looked up. With <see cref="Condition"/> servers may first
    /// read everybody whom the practitioner treats, which is right where that narrows the most.
    /// </summary>
    public string ConditionOfFew(string clientColumn) => _practitionerId is null ? Condition(clientColumn) : $"(select count(*) {Treated(clientColumn)}) > 0";

    public void AddTo(DynamicParameters parameters)
    {
        parameters.Add("scopeClientId", _clientId);
        parameters.Add("scopePractitionerId", _practitionerId);
        parameters.Add("scopeDay", _day);
    }

    private static string Treated(string clientColumn) =>
        $"""
        from care_relations scope
        where scope.practice_id = @practiceId and scope.practitioner_id = @scopePractitionerId and scope.client_id = {clientColumn}
          and scope.started_on <= @scopeDay and (scope.ended_on is null or scope.ended_on > @scopeDay)
        """;
}
