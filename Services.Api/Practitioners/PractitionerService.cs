using System.Globalization;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.Identity;
using AiPlatform.Services.Api.Practices;

namespace AiPlatform.Services.Api.Practitioners;

/// <summary>Who treats at a practice, with the roles of their accounts.</summary>
internal sealed partial class PractitionerService(
    IPractitionerStore practitioners, IUserStore users, TimeProvider timeProvider, ILogger<PractitionerService> logger)
{
    private const int MaxSpecialities = 20;

    /// <param name="role">Null for every one.</param>
    public async Task<PractitionerListResponse> ListAsync(
        CurrentUser user, bool? active, UserRole? role, bool descending, NameCursor? after, int limit, CancellationToken cancellationToken)
    {
        var roles = await users.FindProfileRolesAsync(user.PracticeId, cancellationToken);
        List<Guid>? ids = role is null ? null : [.. roles.Where(known => known.Value == role).Select(known => known.Key)];
        var found = await practitioners.ListAsync(user.PracticeId, new(active, ids, descending, after, limit + 1), cancellationToken);
        var (page, next) = NameCursor.Page(found, limit, practitioner => new(practitioner.Name, practitioner.Id));
        return new([.. page.Select(practitioner => ToResponse(user, practitioner, roles))], next);
    }

    public async Task<(Practitioner Practitioner, PractitionerResponse Response)> FindAsync(
        CurrentUser user, Guid id, CancellationToken cancellationToken)
    {
        var found = await practitioners.FindAsync(user.PracticeId, id, cancellationToken) ?? throw PractitionerAccess.NotFound();
        return (found, ToResponse(user, found, await users.FindProfileRolesAsync(user.PracticeId, cancellationToken)));
    }

    /// <returns>Null for a caller whose token names no practitioner of the practice.</returns>
    public async Task<Practitioner?> FindOwnAsync(CurrentUser user, CancellationToken cancellationToken) =>
        user is { Role: not (UserRole.Client or UserRole.Service), ProfileId: { } own } ? await practitioners.FindAsync(user.PracticeId, own, cancellationToken) : null;

    public async Task<(Practitioner Practitioner, PractitionerResponse Response, bool Created)> AddAsync(
        CurrentUser user, PractitionerRequest request, WriteKey key, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var practitioner = Check(new(Guid.CreateVersion7(now), "", "", "", "", [], Active: true, SessionFeeMinor: null, Version: 1), request);
        var (id, created) = await practitioners.AddAsync(
            user.PracticeId, key, practitioner,
            AuditEntry.By(user, AuditActions.PractitionerAdded, AuditRecords.Practitioner, practitioner.Id, now), cancellationToken);
        if (created)
        {
            LogAdded(id);
        }

        var (stored, response) = await FindAsync(user, id, cancellationToken);
        return (stored, response, created);
    }

    public async Task<(Practitioner Practitioner, PractitionerResponse Response)> ChangeAsync(
        CurrentUser user, Guid id, PractitionerRequest request, IfMatch ifMatch, CancellationToken cancellationToken)
    {
        var audited = AuditEntry.By(user, AuditActions.PractitionerChanged, AuditRecords.Practitioner, id, timeProvider.GetUtcNow());
        var changed = await practitioners.ChangeAsync(
            user.PracticeId,
            id,
            found =>
            {
                ifMatch.Ensure(found.Version);
                return Check(found, request);
            },
            audited,
            cancellationToken) ?? throw PractitionerAccess.NotFound();
        LogChanged(id, changed.Status);
        return (changed, ToResponse(user, changed, await users.FindProfileRolesAsync(user.PracticeId, cancellationToken)));
    }

    private static Practitioner Check(Practitioner found, PractitionerRequest request)
    {
        var faults = new Faults("practitioner.invalid");
        if (request.Status is not (null or PractitionerStatus.Active or PractitionerStatus.Inactive))
        {
            faults.Add("status", "practitioner.status_invalid", "The status is active or inactive.");
        }

        var changed = found with
        {
            Name = faults.Text("name", request.Name, 200),
            Title = faults.OptionalText("title", request.Title, 200) ?? "",
            Email = faults.Email("email", request.Email) ?? "",
            Phone = faults.Phone("phone", request.Phone) ?? "",
            Specialities = CheckSpecialities(request.Specialities ?? [], faults),
            Active = request.Status is not PractitionerStatus.Inactive,
            SessionFeeMinor = request.SessionFeeMinor is { } fee ? faults.Number("sessionFeeMinor", fee, 0, PracticeService.MaxFeeMinor) : null,
        };
        faults.Throw();
        return changed;
    }

    private static List<string> CheckSpecialities(IReadOnlyList<string?> specialities, Faults faults)
    {
        if (specialities.Count > MaxSpecialities)
        {
            faults.Add("specialities", "list.too_long", $"At most {MaxSpecialities} specialities.");
            return [];
        }

        return [.. specialities.Select((speciality, index) =>
            faults.Text(string.Create(CultureInfo.InvariantCulture, $"specialities[{index}]"), speciality, 40))];
    }

    private static PractitionerResponse ToResponse(CurrentUser user, Practitioner from, IReadOnlyDictionary<Guid, UserRole> roles) =>
        new(from.Id, from.Name, from.Title, from.Email, from.Phone, from.Specialities, from.Status,
            roles.TryGetValue(from.Id, out var role) ? role.ToWire() : null,
            user.SeesFeeOf(from.Id) ? from.SessionFeeMinor : null);

    [LoggerMessage(LogLevel.Information, "Added practitioner {PractitionerId}.")]
    private partial void LogAdded(Guid practitionerId);

    [LoggerMessage(LogLevel.Information, "Changed practitioner {PractitionerId}, now {Status}.")]
    private partial void LogChanged(Guid practitionerId, string status);
}
