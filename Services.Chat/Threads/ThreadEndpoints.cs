using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Chat.Threads;

internal static class ThreadEndpoints
{
    private const int MaxLimit = 200;

    public static RouteGroupBuilder MapThreads(this RouteGroupBuilder group)
    {
        group.WithTags("Threads");
        group.MapGet("/", ListAsync).WithName("ListThreads");
        group.MapGet("/{id:guid}/messages", ReadMessagesAsync).WithName("ReadMessages");
        return group;
    }

    private static async Task<JsonHttpResult<Envelope<ThreadPage>>> ListAsync(
        IThreadStore threads, CurrentUser user, CancellationToken cancellationToken, [Range(1, MaxLimit)] int limit = 50, Guid? cursor = null)
    {
        var page = await threads.ListAsync(user.PracticeId, user.UserId, limit, cursor, cancellationToken);
        return TypedResults.Json(Envelope.Ok(page), ThreadJsonContext.Default.EnvelopeThreadPage);
    }

    private static async Task<Results<JsonHttpResult<Envelope<MessagePage>>, JsonHttpResult<Envelope<EnvelopeErrors>>>> ReadMessagesAsync(
        Guid id, IThreadStore threads, CurrentUser user, CancellationToken cancellationToken, [Range(1, MaxLimit)] int limit = 100, Guid? cursor = null)
    {
        if (await threads.ReadMessagesAsync(user.PracticeId, user.UserId, id, limit, cursor, cancellationToken) is { } page)
        {
            return TypedResults.Json(Envelope.Ok(page), ThreadJsonContext.Default.EnvelopeMessagePage);
        }

        var missing = Envelope.Failed(StatusCodes.Status404NotFound, "There is no such thread.", "id", "thread.not_found");
        return TypedResults.Json(missing, ThreadJsonContext.Default.EnvelopeEnvelopeErrors, statusCode: StatusCodes.Status404NotFound);
    }
}
