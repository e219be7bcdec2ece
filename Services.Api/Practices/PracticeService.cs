using System.Globalization;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;

namespace AiPlatform.Services.Api.Practices;

/// <summary>The practice's profile, its contacts and its locations.</summary>
internal sealed partial class PracticeService(IPracticeStore practices, TimeProvider timeProvider, ILogger<PracticeService> logger)
{
    public const int MaxFeeMinor = 100_000_000;
    private const int MaxContacts = 20;
    private const int MaxLocations = 50;
    private static readonly string[] Kinds = ["general", "appointments", "billing", "emergency", "privacy", "technical"];

    public async Task<Practice> FindAsync(Guid practiceId, CancellationToken cancellationToken) =>
        await practices.FindAsync(practiceId, cancellationToken) ?? throw PracticeAccess.NotFound();

    public async Task<Practice> ChangeAsync(
        CurrentUser user, ChangePracticeRequest request, IfMatch ifMatch, CancellationToken cancellationToken)
    {
        var audited = AuditEntry.By(user, AuditActions.PracticeChanged, AuditRecords.Practice, user.PracticeId, timeProvider.GetUtcNow());
        var changed = await practices.ChangeAsync(
            user.PracticeId,
            found =>
            {
                ifMatch.Ensure(found.Version);
                return Change(found, request);
            },
            audited,
            cancellationToken) ?? throw PracticeAccess.NotFound();
        LogChanged(changed.Id, changed.Version);
        return changed;
    }

    public async Task<(Practice Practice, PracticeLocation Location, bool Created)> AddLocationAsync(
        CurrentUser user, LocationRequest request, WriteKey key, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var location = Check(Guid.CreateVersion7(now), request);
        var (id, created) = await practices.AddLocationAsync(
            user.PracticeId, key, location.Id, found => found with { Locations = [.. found.Locations, EnsureRoom(found, location)] },
            AuditEntry.By(user, AuditActions.LocationAdded, AuditRecords.Location, location.Id, now), cancellationToken);
        var practice = await FindAsync(user.PracticeId, cancellationToken);
        return (practice, Find(practice, id), created);
    }

    public async Task<(Practice Practice, PracticeLocation Location)> ChangeLocationAsync(
        CurrentUser user, Guid id, LocationRequest request, IfMatch ifMatch, CancellationToken cancellationToken)
    {
        var changed = await ChangeLocationsAsync(
            user, AuditActions.LocationChanged, id, ifMatch,
            found => [.. found.Locations.Where(location => location.Id != id), Check(id, request)],
            cancellationToken);
        return (changed, Find(changed, id));
    }

    public Task<Practice> RemoveLocationAsync(CurrentUser user, Guid id, IfMatch ifMatch, CancellationToken cancellationToken) =>
        ChangeLocationsAsync(
            user, AuditActions.LocationRemoved, id, ifMatch, found => [.. found.Locations.Where(location => location.Id != id)], cancellationToken);

    private async Task<Practice> ChangeLocationsAsync(
        CurrentUser user, string action, Guid id, IfMatch ifMatch, Func<Practice, IReadOnlyList<PracticeLocation>> change,
        CancellationToken cancellationToken) =>
        await practices.ChangeAsync(
            user.PracticeId,
            found =>
            {
                _ = Find(found, id);
                ifMatch.Ensure(found.Version);
                return found with { Locations = change(found) };
            },
            AuditEntry.By(user, action, AuditRecords.Location, id, timeProvider.GetUtcNow()),
            cancellationToken) ?? throw PracticeAccess.NotFound();

    private static Practice Change(Practice found, ChangePracticeRequest request)
    {
        var faults = new Faults("practice.invalid");
        if (!TimeZones.TryFind(request.TimeZone, out _))
        {
            faults.Add("timeZone", "time_zone.unknown", "An IANA time zone is needed, as Europe/London.");
        }

        if (request.Currency is not null && !Currencies.Exists(request.Currency))
        {
            faults.Add("currency", "currency.unknown", "A currency code of ISO 4217 is needed, as GBP.");
        }
        else if (request.Currency is null && request.SessionFeeMinor is not null)
        {
            faults.Add("currency", "currency.required", "A fee needs a currency.");
        }

        var changed = found with
        {
            Name = faults.Text("name", request.Name, 200),
            OwnerName = faults.Text("ownerName", request.OwnerName, 200),
            Email = faults.Email("email", request.Email) ?? "",
            Phone = faults.Phone("phone", request.Phone) ?? "",
            TimeZone = request.TimeZone ?? "",
            SessionFeeMinor = request.SessionFeeMinor is { } fee ? faults.Number("sessionFeeMinor", fee, 0, MaxFeeMinor) : null,
            Currency = request.Currency,
            Contacts = CheckContacts(request.Contacts ?? [], faults),
        };
        faults.Throw();
        return changed;
    }

    private static List<PracticeContact> CheckContacts(IReadOnlyList<ContactRequest?> contacts, Faults faults)
    {
        if (contacts.Count > MaxContacts)
        {
            faults.Add("contacts", "list.too_long", $"At most {MaxContacts} contacts.");
            return [];
        }

        return [.. contacts.Select((contact, index) => CheckContact(
            contact ?? new(null, null, null, null), string.Create(CultureInfo.InvariantCulture, $"contacts[{index}]"), faults))];
    }

    private static PracticeContact CheckContact(ContactRequest contact, string field, Faults faults)
    {
        if (!Kinds.Contains(contact.Kind))
        {
            faults.Add($"{field}.kind", "contact.kind_unknown", $"The kind is one of {string.Join(", ", Kinds)}.");
        }

        var email = faults.Email($"{field}.email", contact.Email);
        var phone = faults.Phone($"{field}.phone", contact.Phone);
        if ((email ?? phone) is null)
        {
            faults.Add($"{field}.email", "contact.unreachable", "An email address or a phone number is needed.");
        }

        return new(contact.Kind ?? "", faults.Text($"{field}.name", contact.Name, 200), email ?? "", phone ?? "");
    }

    private static PracticeLocation Check(Guid id, LocationRequest request)
    {
        var faults = new Faults("location.invalid");
        var location = new PracticeLocation(
            id, faults.Text("name", request.Name, 200), faults.Text("street", request.Street, 200), faults.Text("city", request.City, 100),
            faults.OptionalText("postcode", request.Postcode, 20) ?? "", faults.Text("country", request.Country, 60));
        faults.Throw();
        return location;
    }

    private static PracticeLocation EnsureRoom(Practice found, PracticeLocation location) =>
        found.Locations.Count < MaxLocations
            ? location
            : throw new DomainException(DomainErrorKind.Conflict, "location.too_many", $"A practice has at most {MaxLocations} locations.");

    private static PracticeLocation Find(Practice practice, Guid id) =>
        practice.Locations.FirstOrDefault(location => location.Id == id) ?? throw PracticeAccess.LocationNotFound();

    [LoggerMessage(LogLevel.Information, "Changed practice {PracticeId}, version {Version}.")]
    private partial void LogChanged(Guid practiceId, int version);
}
