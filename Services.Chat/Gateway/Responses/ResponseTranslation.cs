using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Gateway.Responses.Storage;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Forwarding;
using AiPlatform.Services.Chat.Models.Providers;
using AiPlatform.Services.Chat.Models.Routing;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Gateway.Responses;

/// <summary>Serves responses by endpoints that speak something else: the request is read, the response is written anew and kept here.</summary>
internal sealed class ResponseTranslation(
    ResponseService responses, ProviderClients clients, IChatModels models, IOptions<ForwardingOptions> options, TimeProvider timeProvider)
{
    public async Task ServeAsync(ModelCall call, Attempt attempt, RequestBody body, IReplySink sink, CancellationToken cancellationToken)
    {
        var request = ResponseRequest.Read(body.Bytes.Span);
        var caller = call.Start.Caller;
        var owner = ResponseService.OwnerOf(caller);
        var answer = await responses.PrepareAsync(owner, request, attempt.Endpoint.ModelId, cancellationToken);
        var writer = new ResponseWriter(sink, attempt.Endpoint, timeProvider, TimeSpan.FromSeconds(options.Value.KeepAliveSeconds));

        if (request.Background is true)
        {
            // A call of its own when its turn comes: this one only put it into the queue.
            var client = models.GetChatClient(call.Start.Group.Name, caller);
            await writer.WriteAsync(await responses.EnqueueAsync(owner, answer, client, cancellationToken), cancellationToken);
        }
        else if (body.Streams)
        {
            await StreamAsync(call, attempt, answer, writer, owner, sink, cancellationToken);
            return;
        }
        else
        {
            var reply = await clients.Of(call, attempt.Endpoint).GetResponseAsync(answer.Messages, answer.Options, cancellationToken);
            call.NoteFirstToken();
            call.Usage = UpdateMeter.Of(call, reply);
            answer.Take(reply);
            await writer.WriteAsync(await responses.KeepAsync(owner, answer, cancellationToken), cancellationToken);
        }

        call.End(ModelCallOutcome.Complete);
    }

    private async Task StreamAsync(
        ModelCall call, Attempt attempt, ResponseAnswer answer, ResponseWriter writer, ResponseOwner owner, IReplySink sink, CancellationToken cancellationToken)
    {
        try
        {
            var updates = UpdateMeter.Observe(
                call, clients.Of(call, attempt.Endpoint).GetStreamingResponseAsync(answer.Messages, answer.Options, cancellationToken), cancellationToken);
            await writer.StreamAsync(answer.Builder, updates, () => responses.KeepAsync(owner, answer, cancellationToken), cancellationToken);
            call.End(ModelCallOutcome.Complete);
        }
        catch (DomainException failure) when (sink.HasStarted)
        {
            // The status is sent; the stream itself says that the response failed.
            call.Fail(failure, hasReplied: true, cancellationToken);
            attempt.Failed(failure);
            await writer.SendAsync([answer.Builder.End(answer.Builder.ToFailure(failure, kept: false))], cancellationToken);
        }
    }
}
