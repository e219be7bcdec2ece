namespace Aspire.Hosting.Dashboard.Telemetry;

/// <summary>A span or log record as it arrived, with what lists and filters need beside it; the rest is read when somebody looks at it.</summary>
internal abstract class StoredItem(TelemetryResource resource, TelemetryScope scope, byte[] body)
{
    // The object itself, its place in the ring and in the index.
    protected const int Overhead = 200;

    /// <summary>Rises with arrival; given by the store.</summary>
    public long Id { get; set; }

    public TelemetryResource Resource { get; } = resource;

    public TelemetryScope Scope { get; } = scope;

    /// <summary>The protobuf message.</summary>
    public byte[] Body { get; } = body;

    public TraceId TraceId { get; init; }

    public ulong SpanId { get; init; }

    /// <summary>What it takes in memory, with what of its resource and scope only it brought.</summary>
    public int Size { get; init; }
}

internal sealed class StoredSpan(TelemetryResource resource, TelemetryScope scope, byte[] body) : StoredItem(resource, scope, body)
{
    public const int Attributes = 9;
    public const int Events = 11;
    public const int Links = 13;
    public const int Status = 15;

    public ulong ParentId { get; init; }

    public required string Name { get; init; }

    public int Kind { get; init; }

    /// <summary>Nanoseconds since the epoch.</summary>
    public ulong Start { get; init; }

    public ulong End { get; init; }

    public bool IsError { get; init; }

    /// <summary>Has attributes of the conventions for generative AI.</summary>
    public bool IsGenAi { get; init; }

    public static int SizeOf(byte[] body, string name, int extra) => Overhead + body.Length + (2 * name.Length) + extra;
}

internal sealed class StoredLog(TelemetryResource resource, TelemetryScope scope, byte[] body) : StoredItem(resource, scope, body)
{
    public const int MessageBody = 5;
    public const int Attributes = 6;
    public const int EventName = 12;

    /// <summary>Nanoseconds since the epoch.</summary>
    public ulong Time { get; init; }

    /// <summary>OTLP's number: 1-4 trace, 5-8 debug, and so on to 24.</summary>
    public int Severity { get; init; }

    public static int SizeOf(byte[] body, int extra) => Overhead + body.Length + extra;
}
