using Aspire.Hosting.Dashboard.Otlp;
using Aspire.Hosting.Dashboard.Telemetry;
using Aspire.Hosting.Dashboard.Telemetry.Metrics;

namespace Aspire.Hosting.Dashboard.Receiver;

/// <summary>Data points of the four kinds. They share start and time (2, 3); the rest has other numbers in each.</summary>
internal static class OtlpPoints
{
    private const int NoRecordedValue = 1;

    public static void Read(TelemetryBatch batch, TelemetryResource resource, InstrumentDescription instrument, bool isExponential, ReadOnlySpan<byte> message)
    {
        try
        {
            var shape = instrument.Kind != MetricKind.Histogram ? PointShape.Number : isExponential ? PointShape.Exponential : PointShape.Histogram;
            if (ReadPoint(resource, instrument, shape, message) is { } point)
            {
                batch.Points.Add(point);
            }
        }
        catch (OtlpFormatException malformed)
        {
            batch.Reject(malformed.Message);
        }
    }

    private static ReceivedPoint? ReadPoint(TelemetryResource resource, InstrumentDescription instrument, PointShape shape, ReadOnlySpan<byte> message)
    {
        var (start, time, value, flags) = (0UL, 0UL, 0.0, 0UL);
        var attributes = new List<byte>();
        var exemplars = new List<MetricExemplar>();
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Is(shape.Attributes, ProtoWire.Bytes))
            {
                AddAttribute(attributes, reader.Bytes());
            }
            else if (reader.Is(shape.Exemplars, ProtoWire.Bytes))
            {
                AddExemplar(exemplars, reader.Bytes());
            }
            else if (reader.Is(shape.Flags, ProtoWire.Varint))
            {
                flags = reader.Varint();
            }
            else if (reader.Is(2, ProtoWire.Fixed64))
            {
                start = reader.Fixed64();
            }
            else if (reader.Is(3, ProtoWire.Fixed64))
            {
                time = reader.Fixed64();
            }
            else if (shape == PointShape.Number && reader.Is(4, ProtoWire.Fixed64))
            {
                value = reader.Double();
            }
            else if (shape == PointShape.Number && reader.Is(6, ProtoWire.Fixed64))
            {
                value = (long)reader.Fixed64();
            }
            else
            {
                reader.Skip();
            }
        }

        if (flags == NoRecordedValue)
        {
            return null;
        }

        if (!double.IsFinite(value))
        {
            throw new OtlpFormatException("A data point's value is no finite number.");
        }

        HistogramValue? histogram = null;
        if (shape != PointShape.Number)
        {
            histogram = shape == PointShape.Histogram ? OtlpHistograms.Explicit(message) : OtlpHistograms.Exponential(message);
        }

        return new(instrument, resource, [.. attributes], start, time, value, histogram, exemplars);
    }

    // As fields of a message of their own, so that they can be read like those of any other.
    private static void AddAttribute(List<byte> attributes, ReadOnlySpan<byte> pair)
    {
        OtlpMessage.KeyValue.Check(pair);
        attributes.Add((PointShape.SeriesAttributes << 3) | (int)ProtoWire.Bytes);
        for (var length = (uint)pair.Length; ; length >>= 7)
        {
            attributes.Add((byte)(length < 0x80 ? length : length | 0x80));
            if (length < 0x80)
            {
                break;
            }
        }

        attributes.AddRange(pair);
    }

    // {2 = time, 3 = double or 6 = integer, 4 = span id, 5 = trace id}
    private static void AddExemplar(List<MetricExemplar> exemplars, ReadOnlySpan<byte> message)
    {
        var (time, value, traceId, spanId) = (0UL, 0.0, default(TraceId), 0UL);
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field, reader.Wire)
            {
                case (2, ProtoWire.Fixed64):
                    time = reader.Fixed64();
                    break;
                case (3, ProtoWire.Fixed64):
                    value = reader.Double();
                    break;
                case (6, ProtoWire.Fixed64):
                    value = (long)reader.Fixed64();
                    break;
                case (4, ProtoWire.Bytes):
                    spanId = SpanId.Of(reader.Bytes());
                    break;
                case (5, ProtoWire.Bytes):
                    traceId = TraceId.Of(reader.Bytes());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        // One without a trace leads nowhere.
        if (!traceId.IsNone && double.IsFinite(value))
        {
            exemplars.Add(new(time, value, traceId, spanId));
        }
    }
}

/// <summary>The numbers that differ between the kinds of points.</summary>
internal sealed record PointShape(int Attributes, int Exemplars, int Flags)
{
    /// <summary>The field that a series' attributes have in its key.</summary>
    public const int SeriesAttributes = 1;

    public static readonly PointShape Number = new(7, 5, 8);
    public static readonly PointShape Histogram = new(9, 8, 10);
    public static readonly PointShape Exponential = new(1, 11, 10);
}
