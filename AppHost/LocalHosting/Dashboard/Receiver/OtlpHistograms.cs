using System.Buffers.Binary;
using Aspire.Hosting.Dashboard.Otlp;
using Aspire.Hosting.Dashboard.Telemetry.Metrics;

namespace Aspire.Hosting.Dashboard.Receiver;

internal static class OtlpHistograms
{
    private const int MaxBuckets = 1_000;

    // {4 = count, 5 = sum, 6 = bucket counts, 7 = explicit bounds}
    public static ExplicitHistogram Explicit(ReadOnlySpan<byte> point)
    {
        var (count, sum) = (0UL, 0.0);
        var (counts, bounds) = (new List<double>(), new List<double>());
        var reader = new ProtoReader(point);
        while (reader.Next())
        {
            switch (reader.Field, reader.Wire)
            {
                case (4, ProtoWire.Fixed64):
                    count = reader.Fixed64();
                    break;
                case (5, ProtoWire.Fixed64):
                    sum = reader.Double();
                    break;
                case (6, ProtoWire.Bytes):
                    AddPacked(counts, reader.Bytes(), static bytes => BinaryPrimitives.ReadUInt64LittleEndian(bytes));
                    break;
                case (6, ProtoWire.Fixed64):
                    counts.Add(reader.Fixed64());
                    break;
                case (7, ProtoWire.Bytes):
                    AddPacked(bounds, reader.Bytes(), static bytes => BinaryPrimitives.ReadDoubleLittleEndian(bytes));
                    break;
                case (7, ProtoWire.Fixed64):
                    bounds.Add(reader.Double());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        // Without buckets it still has a count and a sum.
        var isWhole = counts.Count <= MaxBuckets && (counts.Count == 0 ? bounds.Count == 0 : counts.Count == bounds.Count + 1)
            && double.IsFinite(sum) && bounds.All(double.IsFinite) && bounds.Zip(bounds.Skip(1)).All(b => b.First < b.Second);
        return isWhole
            ? new(count, sum, [.. bounds], counts.Count == 0 ? [count] : [.. counts])
            : throw new OtlpFormatException("A histogram's buckets do not fit its bounds.");
    }

    // {4 = count, 5 = sum, 6 = scale, 7 = zero count, 8 = positive buckets, 9 = negative buckets}
    public static ExponentialHistogram Exponential(ReadOnlySpan<byte> point)
    {
        var (count, sum, scale, zeroCount) = (0UL, 0.0, 0, 0UL);
        ReadOnlySpan<byte> positive = default;
        ReadOnlySpan<byte> negative = default;
        var reader = new ProtoReader(point);
        while (reader.Next())
        {
            switch (reader.Field, reader.Wire)
            {
                case (4, ProtoWire.Fixed64):
                    count = reader.Fixed64();
                    break;
                case (5, ProtoWire.Fixed64):
                    sum = reader.Double();
                    break;
                case (6, ProtoWire.Varint):
                    scale = ZigZag(reader.Varint());
                    break;
                case (7, ProtoWire.Fixed64):
                    zeroCount = reader.Fixed64();
                    break;
                case (8, ProtoWire.Bytes):
                    positive = reader.Bytes();
                    break;
                case (9, ProtoWire.Bytes):
                    negative = reader.Bytes();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        var histogram = new ExponentialHistogram(count, sum, scale, zeroCount, Buckets(positive), Buckets(negative));
        return double.IsFinite(sum) && histogram.Buckets().All(b => double.IsFinite(b.Low) && double.IsFinite(b.High))
            ? histogram
            : throw new OtlpFormatException("An exponential histogram's buckets are out of range.");
    }

    // {1 = offset, 2 = counts}
    private static Dictionary<int, double> Buckets(ReadOnlySpan<byte> message)
    {
        var offset = 0;
        var counts = new List<ulong>();
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field, reader.Wire)
            {
                case (1, ProtoWire.Varint):
                    offset = ZigZag(reader.Varint());
                    break;
                case (2, ProtoWire.Varint):
                    counts.Add(reader.Varint());
                    break;
                case (2, ProtoWire.Bytes):
                    var packed = new ProtoReader(reader.Bytes());
                    while (!packed.IsAtEnd)
                    {
                        counts.Add(packed.Varint());
                    }

                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        // An index is a power's exponent: one so far out is no number any more.
        if (counts.Count > MaxBuckets || Math.Abs((long)offset) > int.MaxValue / 2)
        {
            throw new OtlpFormatException("An exponential histogram's buckets are out of range.");
        }

        var buckets = new Dictionary<int, double>();
        for (var i = 0; i < counts.Count; i++)
        {
            if (counts[i] > 0)
            {
                buckets[offset + i] = counts[i];
            }
        }

        return buckets;
    }

    private delegate double Eight(ReadOnlySpan<byte> bytes);

    private static void AddPacked(List<double> values, ReadOnlySpan<byte> packed, Eight read)
    {
        if (packed.Length % 8 != 0)
        {
            throw new OtlpFormatException("A packed list ends within a number.");
        }

        for (; packed.Length > 0; packed = packed[8..])
        {
            values.Add(read(packed));
        }
    }

    private static int ZigZag(ulong value) => (int)((uint)value >> 1) ^ -(int)(value & 1);
}
