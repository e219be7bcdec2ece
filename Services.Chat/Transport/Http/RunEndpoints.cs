using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Runs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Chat.Transport.Http;

internal sealed record RunResponse(
    Guid RunId, string SessionId, Guid ThreadId, string Persona, string Status, string? ErrorCode, string? Text, IReadOnlyList<ToolCallSummary> ToolCalls,
    int Iterations, UsagePayload Usage, string? Epoch, long? LastSeq, DateTimeOffset AcceptedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt);

internal static class RunEndpoints
{
    public static RouteGroupBuilder MapRuns(this RouteGroupBuilder group)
    {
        group.WithTags("Runs");
        group.MapGet("/{id:guid}", GetAsync).WithName("GetRun");
        group.MapGet("/{id:guid}/events", ReadEventsAsync).WithName("ReadRunEvents");
        group.MapPost("/{id:guid}/cancel", CancelAsync).WithName("CancelRun");
        return group;
    }

    private static async Task<Ok<RunResponse>> GetAsync(Guid id, RunService runs, CurrentUser user, CancellationToken cancellationToken)
    {
        var (run, place) = await runs.FindAsync(user, id, cancellationToken) ?? throw NotFound();
        return TypedResults.Ok(new RunResponse(
            run.Id, run.SessionId, run.ThreadId, run.Persona, run.Status, run.ErrorCode, run.Text, run.ToolCalls, run.Iterations, run.Usage,
            place?.Epoch, place?.Seq, run.AcceptedAt, run.StartedAt, run.EndedAt));
    }

    private static async Task<Accepted> CancelAsync(Guid id, RunService runs, CurrentUser user, CancellationToken cancellationToken) =>
        await runs.CancelAsync(user, id, cancellationToken) ? TypedResults.Accepted($"/chat/runs/{id}") : throw NotFound();

    private static async Task ReadEventsAsync(
        Guid id, [FromHeader(Name = "Last-Event-ID")] string? lastEventId, HttpContext http, RunService runs, RunEventStream events, CurrentUser user,
        CancellationToken cancellationToken)
    {
        var (record, _) = await runs.FindAsync(user, id, cancellationToken) ?? throw NotFound();
        var (epoch, lastSeq) = RunEventStream.ReadPlace(lastEventId) ?? (null, 0);
        var resume = await runs.ResumeAsync(user, id, epoch, lastSeq, cancellationToken);
        await events.WriteAsync(http, record.SessionId, resume, cancellationToken);
    }

    private static DomainException NotFound() => new(DomainErrorKind.NotFound, "run.not_found", "There is no such run.");
}
