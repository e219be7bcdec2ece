namespace AiPlatform.Services.Api.Practitioners;

/// <summary>The names of practitioners in other features' statements: their rows and the names of who treats take one statement.</summary>
internal static class PractitionerNames
{
    /// <summary>Gives a statement that has <c>@practiceId</c> the column <c>practitioner.name</c>, null when there is no such practitioner.</summary>
    /// <param name="practitionerColumn">With its table: <c>s.practitioner_id</c>.</param>
    public static string Join(string practitionerColumn) =>
        $"left join practitioners practitioner on practitioner.id = {practitionerColumn} and practitioner.practice_id = @practiceId";
}
