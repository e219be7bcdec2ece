using System.Buffers.Binary;
using System.Globalization;

namespace Aspire.Hosting.Dashboard.Telemetry;

/// <summary>A trace's id; all zeros is none.</summary>
internal readonly record struct TraceId(ulong High, ulong Low)
{
    public bool IsNone => (High | Low) == 0;

    public static TraceId Of(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 16 ? new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])) : default;

    /// <summary>From hex of any case; what is none is <see langword="null"/>.</summary>
    public static TraceId? Parse(string? text) =>
        text is { Length: 32 }
        && ulong.TryParse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
        && ulong.TryParse(text.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low) ? new TraceId(high, low) : null;

    public override string ToString() => SpanId.Text(High) + SpanId.Text(Low);
}

/// <summary>A span's id as a number; 0 is none.</summary>
internal static class SpanId
{
    public static ulong Of(ReadOnlySpan<byte> bytes) => bytes.Length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;

    public static ulong? Parse(string? text) =>
        text is { Length: 16 } && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) ? id : null;

    public static string Text(ulong id) => id.ToString("x16", CultureInfo.InvariantCulture);
}
