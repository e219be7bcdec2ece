using System.Text.Json.Nodes;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Gateway.Requests;
using AiPlatform.Services.Chat.Gateway.Responses.Background;
using AiPlatform.Services.Chat.Gateway.Responses.Storage;
using AiPlatform.Services.Chat.Models.Calls;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.Responses;

/// <summary>Responses of models that do not speak them: prepared, kept, found again, cancelled. What an endpoint keeps itself is found there.</summary>
internal sealed partial class ResponseService(
    RedisResponseStore store, UpstreamResponses upstream, BackgroundResponses background, TimeProvider timeProvider, ILogger<ResponseService> logger)
{
    /// <param name="model">What the model is called in the response.</param>
    /// <exception cref="DomainException">The request cannot be what it says, or there is nothing it could go on from.</exception>
    public async Task<ResponseAnswer> PrepareAsync(
        ResponseOwner owner, ResponseRequest request, string model, CancellationToken cancellationToken)
    {
        var options = ResponseParameters.Of(request);
        var items = ResponseInput.Items(request);
        var before = request.PreviousResponseId is { } previous ? await ContextOfAsync(owner, previous, cancellationToken) : [];
        JsonArray all = [.. before.Select(item => item?.DeepClone()), .. items.Select(item => item?.DeepClone())];
        var builder = new ResponseBuilder(new(request, model, timeProvider.GetUtcNow()), request.Keeps);
        return new(ResponseInput.Messages(all, before.Count), options, builder, all, request.Keeps);
    }

    /// <returns>The response as it is told: whether it is kept stands in it.</returns>
    public async Task<JsonObject> KeepAsync(ResponseOwner owner, ResponseAnswer answer, CancellationToken cancellationToken)
    {
        var response = answer.Builder.ToResponse(answer.Keeps);

        if (answer.Keeps && !await TryKeepAsync(owner, answer.ToStored(response), cancellationToken))
        {
            response["store"] = false;
        }

        return response;
    }

    /// <returns>The response as it waits.</returns>
    public async Task<JsonObject> EnqueueAsync(ResponseOwner owner, ResponseAnswer answer, IChatClient client, CancellationToken cancellationToken)
    {
        var response = answer.Builder.Head("queued");

        if (!await store.SaveAsync(owner, new(response, answer.Items), cancellationToken))
        {
            throw InvalidRequest.Unsupported("background", "A response in the background has to be stored, and this one cannot be.");
        }

        if (!background.TryEnqueue(new(owner, answer, client)))
        {
            await store.DeleteAsync(owner, answer.Id, cancellationToken);
            throw new DomainException(DomainErrorKind.RateLimited, "rate_limit_exceeded", "Too many responses wait in the background; try again later.")
            {
                RetryAfter = TimeSpan.FromSeconds(5),
            };
        }

        return response;
    }

    /// <exception cref="DomainException">response_not_found</exception>
    public async Task<JsonObject> GetAsync(ModelCaller caller, string id, CancellationToken cancellationToken) =>
        (await store.FindAsync(OwnerOf(caller), id, cancellationToken))?.Response
        ?? await upstream.SendAsync(HttpMethod.Get, caller, id, "", cancellationToken)
        ?? throw NotFound(id);

    /// <exception cref="DomainException">response_not_found</exception>
    public async Task<JsonObject> DeleteAsync(ModelCaller caller, string id, CancellationToken cancellationToken)
    {
        if (await store.DeleteAsync(OwnerOf(caller), id, cancellationToken))
        {
            background.Stop(OwnerOf(caller), id);
            return new() { ["id"] = id, ["object"] = "response", ["deleted"] = true };
        }

        return await upstream.SendAsync(HttpMethod.Delete, caller, id, "", cancellationToken) ?? throw NotFound(id);
    }

    /// <summary>Cancelling twice, or what is done, changes nothing.</summary>
    /// <exception cref="DomainException">response_not_found, or it was not asked for in the background.</exception>
    public async Task<JsonObject> CancelAsync(ModelCaller caller, string id, CancellationToken cancellationToken)
    {
        var owner = OwnerOf(caller);

        if (await store.FindAsync(owner, id, cancellationToken) is not { Response: var response })
        {
            return await upstream.SendAsync(HttpMethod.Post, caller, id, "/cancel", cancellationToken) ?? throw NotFound(id);
        }

        if (!(bool)response["background"]!)
        {
            throw InvalidRequest.Value("response_id", "Only responses in the background can be cancelled.");
        }

        if (await store.CancelAsync(owner, id, cancellationToken))
        {
            background.Stop(owner, id);
        }

        return (await store.FindAsync(owner, id, cancellationToken))?.Response ?? throw NotFound(id);
    }

    public static ResponseOwner OwnerOf(ModelCaller caller) => new(caller.PracticeId, caller.UserId);

    private async Task<JsonArray> ContextOfAsync(ResponseOwner owner, string id, CancellationToken cancellationToken)
    {
        var stored = await store.FindAsync(owner, id, cancellationToken) ?? throw new DomainException(
            DomainErrorKind.NotFound, "previous_response_not_found", $"Previous response with id '{id}' not found.")
        { Errors = [new("previous_response_id", "It is unknown.")] };

        return (string)stored.Response["status"]! is "completed" or "incomplete"
            ? stored.Context
            : throw InvalidRequest.Value("previous_response_id", "The previous response is not complete.");
    }

    private async Task<bool> TryKeepAsync(ResponseOwner owner, StoredResponse stored, CancellationToken cancellationToken)
    {
        try
        {
            return await store.SaveAsync(owner, stored, cancellationToken);
        }
        catch (RedisUnavailableException exception)
        {
            // The answer is there and paid for; its caller reads in it that it is not kept.
            LogNotKept(exception, stored.Id);
            return false;
        }
    }

    private static DomainException NotFound(string id) => new(DomainErrorKind.NotFound, "response_not_found", $"Response with id '{id}' not found.");

    [LoggerMessage(LogLevel.Warning, "Response {ResponseId} was not kept.")]
    private partial void LogNotKept(Exception exception, string responseId);
}
