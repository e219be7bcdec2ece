using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Transport;

internal sealed class TransportOptions
{
    public const string Section = "Transport";

    /// <summary>How often clients are asked to send a sign of life.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(30);

    [Range(1, 100)]
    public int MissedHeartbeats { get; init; } = 3;

    /// <summary>A connection without a request for so long is closed.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(30);

    [Range(1024, 64 * 1024 * 1024)]
    public int MaxFrameBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Over all replicas.</summary>
    [Range(1, 10_000)]
    public int SocketsPerUser { get; init; } = 10;

    /// <summary>A client that takes no byte for so long is cut off; what it missed is in the run log.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often a silent SSE stream sends a comment.</summary>
    public TimeSpan SseComment { get; init; } = TimeSpan.FromSeconds(15);
}

[OptionsValidator]
internal sealed partial class TransportOptionsValidator : IValidateOptions<TransportOptions>;
