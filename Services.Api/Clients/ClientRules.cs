using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;

namespace AiPlatform.Services.Api.Clients;

/// <summary>
/// Who may write what of a client. Those who lead and reception keep the records and say who treats; a practitioner keeps those of their own
/// clients. Working notes are not for reception: they stay as they are when it writes.
/// </summary>
internal static class ClientRules
{
    private const int MaxGoals = 20;
    private const int YearsAhead = 1;
    private static readonly DateOnly EarliestBirth = new(1900, 1, 1);
    private static readonly DateOnly EarliestStart = new(1970, 1, 1);

    public static void EnsureMayWrite(CurrentUser user)
    {
        if (user.Role is UserRole.Client or UserRole.Service)
        {
            throw new DomainException(DomainErrorKind.Forbidden, "client.write_forbidden", "Clients are kept by those who work in the practice.");
        }
    }

    /// <param name="main">Who is the main practitioner until now; for a new client the practitioner who writes.</param>
    public static void EnsureMayWrite(CurrentUser user, ClientRecordRequest request, Guid? main)
    {
        if (user.Role is UserRole.Practitioner && (request.PractitionerId ?? main) != main)
        {
            throw new DomainException(
                DomainErrorKind.Forbidden, "client.practitioner_forbidden", "Who else treats a client is arranged by those who lead and by reception.");
        }

        if (request.Notes is not null && !user.MayWriteNotes())
        {
            throw new DomainException(DomainErrorKind.Forbidden, "client.notes_forbidden", "Working notes are written by those who treat or lead.");
        }
    }

    /// <summary>What a client's record becomes, or the faults of the request.</summary>
    /// <param name="before">What stays where the request says nothing: the notes, and everything that must not be empty for a new client.</param>
    public static Client Apply(Client before, ClientRecordRequest request, DateOnly today, CurrentUser user, Faults faults) => before with
    {
        PractitionerId = request.PractitionerId ?? before.PractitionerId,
        Name = faults.Text("name", request.Name, 200),
        Status = Status(request.Status ?? before.Status, faults),
        Pronouns = faults.OptionalText("pronouns", request.Pronouns, 40) ?? "",
        DateOfBirth = faults.Date("dateOfBirth", request.DateOfBirth, EarliestBirth, today),
        Email = faults.Email("email", request.Email) ?? "",
        Phone = faults.Phone("phone", request.Phone) ?? "",
        StartedAt = faults.Date("startedAt", request.StartedAt ?? before.StartedAt, EarliestStart, today.AddYears(YearsAhead)),
        PresentingConcerns = faults.OptionalText("presentingConcerns", request.PresentingConcerns, 4000) ?? "",
        Goals = Goals(request.Goals ?? [], faults),
        Notes = user.MayWriteNotes() ? faults.OptionalText("notes", request.Notes, 8000) ?? "" : before.Notes,
    };

    private static string Status(string status, Faults faults)
    {
        if (status is not (ClientStatus.New or ClientStatus.Active or ClientStatus.Paused or ClientStatus.Inactive))
        {
            faults.Add("status", "client.status_unknown", "The status is new, active, paused or inactive.");
        }

        return status;
    }

    private static IReadOnlyList<string> Goals(IReadOnlyList<string?> goals, Faults faults)
    {
        if (goals.Count > MaxGoals)
        {
            faults.Add("goals", "client.too_many_goals", $"At most {MaxGoals} goals.");
            return [];
        }

        return [.. goals.Select((goal, index) => faults.Text($"goals[{index}]", goal, 300))];
    }
}
