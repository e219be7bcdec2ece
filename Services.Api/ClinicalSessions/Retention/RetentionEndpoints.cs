using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Api.ClinicalSessions.Retention;

internal static class RetentionEndpoints
{
    public static RouteGroupBuilder MapRetention(this RouteGroupBuilder group)
    {
        group.WithTags("Practice");
        group.MapGet("/", GetAsync).WithName("GetRetention").WithETag().WithProblems(403, "retention.forbidden");
        group.MapPut("/", ChangeAsync).WithName("ChangeRetention")
            .WithETag()
            .WithProblems(400, "retention.invalid")
            .WithProblems(403, "retention.forbidden");
        return group;
    }

    /// <summary>Shows how long the practice keeps transcripts.</summary>
    internal static async Task<Ok<RetentionResponse>> GetAsync(
        IRetentionStore store, CurrentUser user, HttpContext context, CancellationToken cancellationToken)
    {
        EnsureLeads(user);
        return ToResult(context, await store.FindAsync(user.PracticeId, cancellationToken));
    }

    /// <summary>Chooses how long the practice keeps transcripts, those that are there included.</summary>
    internal static async Task<Ok<RetentionResponse>> ChangeAsync(
        IRetentionStore store,
        CurrentUser user,
        [FromHeader(Name = "If-Match")] string? ifMatch,
        JsonBody<ChangeRetentionRequest> body,
        HttpContext context,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        EnsureLeads(user);
        var request = await body.ReadAsync(cancellationToken);
        var expected = IfMatch.Read(ifMatch);
        if (request.Transcripts is not { } transcripts || !TranscriptKeeping.Names.Contains(transcripts))
        {
            throw new DomainException(DomainErrorKind.Invalid, "retention.invalid", "There is no such time to keep transcripts.")
            {
                Errors = [new("transcripts", $"One of {string.Join(", ", TranscriptKeeping.Names)}.", "retention.transcripts_invalid")],
            };
        }

        var audited = AuditEntry.By(user, AuditActions.RetentionChanged, AuditRecords.Retention, user.PracticeId, timeProvider.GetUtcNow());
        return ToResult(context, await store.ChangeAsync(user.PracticeId, expected, transcripts, audited, cancellationToken));
    }

    private static void EnsureLeads(CurrentUser user)
    {
        if (user.Role is not (UserRole.Owner or UserRole.Admin))
        {
            throw new DomainException(DomainErrorKind.Forbidden, "retention.forbidden", "How long transcripts are kept is for those who lead the practice.");
        }
    }

    private static Ok<RetentionResponse> ToResult(HttpContext context, RetentionSetting setting) =>
        context.OkWithTag(setting.Version, new RetentionResponse(setting.Transcripts, (int?)TranscriptKeeping.LifeOf(setting.Transcripts)?.TotalHours));
}
