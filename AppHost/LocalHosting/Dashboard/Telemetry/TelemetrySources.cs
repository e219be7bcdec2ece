using Aspire.Hosting.Dashboard.Otlp;

namespace Aspire.Hosting.Dashboard.Telemetry;

/// <summary>Who sent it: a service, and which of its processes. One object for all that came from there.</summary>
internal sealed record TelemetryResource(string Name, string? Instance, byte[] Bytes)
{
    private const int Attributes = 1;

    public static TelemetryResource Of(ReadOnlySpan<byte> bytes)
    {
        var attributes = OtlpAttributes.Of(bytes, Attributes);
        return new(attributes.Find("service.name") is { Length: > 0 } name ? name : "unknown_service", attributes.Find("service.instance.id"), bytes.ToArray());
    }

    public bool IsCalled(string? name) => name is null || Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Which part of it: an activity source, a logger's category, a meter.</summary>
internal sealed record TelemetryScope(string Name, byte[] Bytes)
{
    public static TelemetryScope Of(ReadOnlySpan<byte> bytes)
    {
        var name = "";
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            if (reader.Is(1, ProtoWire.Bytes))
            {
                name = reader.Text();
            }
            else
            {
                reader.Skip();
            }
        }

        OtlpMessage.Scope.Check(bytes);
        return new(name, bytes.ToArray());
    }
}

/// <summary>Objects made of bytes that come again and again; bounded, and begun anew when full.</summary>
internal sealed class ByteCache<T>(int maxEntries)
    where T : class
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, List<(byte[] Bytes, T Value)>> _entries = [];
    private int _count;

    public delegate T Maker(ReadOnlySpan<byte> bytes);

    /// <param name="bytes">What it is made of.</param>
    /// <param name="make">How, when these bytes were not seen before.</param>
    /// <param name="cost">The bytes it takes, when it is new.</param>
    public T Get(ReadOnlySpan<byte> bytes, Maker make, out int cost)
    {
        var code = new HashCode();
        code.AddBytes(bytes);
        var hash = code.ToHashCode();
        lock (_gate)
        {
            if (_entries.TryGetValue(hash, out var same))
            {
                foreach (var (known, value) in same)
                {
                    if (bytes.SequenceEqual(known))
                    {
                        cost = 0;
                        return value;
                    }
                }
            }

            var made = make(bytes);
            cost = 2 * bytes.Length;
            if (++_count > maxEntries)
            {
                _entries.Clear();
                _count = 1;
            }

            (_entries.TryGetValue(hash, out same) ? same : _entries[hash] = []).Add((bytes.ToArray(), made));
            return made;
        }
    }
}
