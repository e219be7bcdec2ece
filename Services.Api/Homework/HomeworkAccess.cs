using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Clients;

namespace AiPlatform.Services.Api.Homework;

/// <summary>
/// Who treats or leads assigns and reads everything; a client reads and submits their own; reception sees that there is an assignment
/// and how far it is, neither what it asks nor what was answered.
/// </summary>
internal static class HomeworkAccess
{
    public static void EnsureMayAssign(CurrentUser user)
    {
        if (!user.MayWriteNotes())
        {
            throw new DomainException(DomainErrorKind.Forbidden, "homework.assign_forbidden", "Homework is given by those who treat or lead.");
        }
    }

    public static void EnsureMaySubmit(CurrentUser user)
    {
        if (user.Role is not UserRole.Client)
        {
            throw new DomainException(DomainErrorKind.Forbidden, "homework.submit_forbidden", "Homework is submitted by the client it was given to.");
        }
    }

    public static void EnsureReadsResults(CurrentUser user)
    {
        if (!user.ReadsContents())
        {
            throw new DomainException(DomainErrorKind.Forbidden, "homework.results_forbidden", "Answers are read by the client and by those who treat or lead.");
        }
    }

    public static bool ReadsContents(this CurrentUser user) => user.Role is not UserRole.Reception;

    public static DomainException NotFound() => new(DomainErrorKind.NotFound, "homework.not_found", "There is no such assignment.");

    public static DomainException ResultNotFound() => new(DomainErrorKind.NotFound, "homework.result_not_found", "There is no such result.");
}
