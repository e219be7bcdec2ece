using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Forwarding;
using AiPlatform.Services.Chat.Models.Providers;
using AiPlatform.Services.Chat.Models.Routing;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Gateway.ChatCompletions;

/// <summary>Serves chat completions by endpoints that speak something else: the request is read, the reply is written anew.</summary>
internal sealed class CompletionTranslation(ProviderClients clients, IOptions<ForwardingOptions> options, TimeProvider timeProvider)
{
    public async Task ServeAsync(ModelCall call, Attempt attempt, RequestBody body, IReplySink sink, CancellationToken cancellationToken)
    {
        var request = CompletionMessages.Read(body);
        var (messages, chatOptions) = (CompletionMessages.Of(request), CompletionOptions.Of(request));
        var client = clients.Of(call, attempt.Endpoint);
        var writer = new CompletionWriter(sink, attempt.Endpoint, timeProvider, TimeSpan.FromSeconds(options.Value.KeepAliveSeconds));

        try
        {
            if (body.Streams)
            {
                var updates = UpdateMeter.Observe(call, client.GetStreamingResponseAsync(messages, chatOptions, cancellationToken), cancellationToken);
                await writer.WriteAsync(updates, body.AsksForUsage, cancellationToken);
            }
            else
            {
                var reply = await client.GetResponseAsync(messages, chatOptions, cancellationToken);
                call.NoteFirstToken();
                call.Usage = UpdateMeter.Of(call, reply);
                await writer.WriteAsync(reply, cancellationToken);
            }

            call.End(ModelCallOutcome.Complete);
        }
        catch (DomainException failure) when (sink.HasStarted)
        {
            // The status is sent; the stream itself says that it broke, and does not say it is done.
            call.Fail(failure, hasReplied: true, cancellationToken);
            attempt.Failed(failure);
            await sink.WriteErrorAsync(failure, cancellationToken);
        }
    }
}
