using AiPlatform.Services.Chat.Models.Calls;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Models.Capture;

/// <summary>The operator's switch for contents in telemetry. Off, nothing that was said reaches a span; never does it reach a log.</summary>
internal sealed partial class ContentCapture(IOptions<CaptureOptions> options, ILogger<ContentCapture> logger) : IHostedService
{
    /// <summary>The client itself, or one that also writes the call's contents on its span.</summary>
    public IChatClient Of(ModelCall call, IChatClient client) =>
        options.Value.CaptureModelContent && call.Activity is { IsAllDataRequested: true } span ? new CapturingChatClient(client, span) : client;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.CaptureModelContent)
        {
            LogContentsAreOn();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "What people say and what models answer is exported with the spans of model calls: Telemetry:CaptureModelContent is on.")]
    private partial void LogContentsAreOn();
}
