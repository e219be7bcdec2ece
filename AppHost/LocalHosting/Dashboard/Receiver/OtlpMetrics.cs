using Aspire.Hosting.Dashboard.Otlp;
using Aspire.Hosting.Dashboard.Telemetry;
using Aspire.Hosting.Dashboard.Telemetry.Metrics;

namespace Aspire.Hosting.Dashboard.Receiver;

/// <summary>Metric: {1 = name, 2 = description, 3 = unit} and one of {5 = gauge, 7 = sum, 9 = histogram, 10 = exponential histogram, 11 = summary}.</summary>
internal static class OtlpMetrics
{
    private const int Gauge = 5;
    private const int Sum = 7;
    private const int Histogram = 9;
    private const int ExponentialHistogram = 10;
    private const int Summary = 11;
    private const int MaxTextLength = 1_000;
    private const int Delta = 1;

    public static void Read(TelemetryBatch batch, TelemetryResource resource, TelemetryScope scope, ReadOnlySpan<byte> message)
    {
        var (name, description, unit) = ("", "", "");
        ReadOnlySpan<byte> data = default;
        var kind = 0;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field, reader.Wire)
            {
                case (1, ProtoWire.Bytes):
                    name = Short(reader.Text());
                    break;
                case (2, ProtoWire.Bytes):
                    description = Short(reader.Text());
                    break;
                case (3, ProtoWire.Bytes):
                    unit = Short(reader.Text());
                    break;
                case (Gauge or Sum or Histogram or ExponentialHistogram or Summary, ProtoWire.Bytes):
                    kind = reader.Field;
                    data = reader.Bytes();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        ReadData(batch, resource, new(resource.Name, scope.Name, name), unit, description, kind, data);
    }

    // {repeated 1 = point, 2 = temporality, 3 = is monotonic}
    private static void ReadData(
        TelemetryBatch batch, TelemetryResource resource, InstrumentKey key, string unit, string description, int kind, ReadOnlySpan<byte> data)
    {
        var (points, temporality, isMonotonic) = (0, 0, false);
        var reader = new ProtoReader(data);
        while (reader.Next())
        {
            switch (reader.Field, reader.Wire)
            {
                case (1, ProtoWire.Bytes):
                    points++;
                    reader.Skip();
                    break;
                case (2, ProtoWire.Varint):
                    temporality = (int)reader.Varint();
                    break;
                case (3, ProtoWire.Varint):
                    isMonotonic = reader.Varint() != 0;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (key.Name.Length == 0 || kind is 0 or Summary)
        {
            batch.Reject("A metric has no name, or is a summary, which is not kept.", Math.Max(1, points));
            return;
        }

        var instrument = new InstrumentDescription(
            key, unit, description, kind switch { Gauge => MetricKind.Gauge, Sum => MetricKind.Sum, _ => MetricKind.Histogram },
            isMonotonic && kind == Sum, temporality == Delta && kind != Gauge);
        reader = new ProtoReader(data);
        while (reader.Next())
        {
            if (reader.Is(1, ProtoWire.Bytes))
            {
                OtlpPoints.Read(batch, resource, instrument, isExponential: kind == ExponentialHistogram, reader.Bytes());
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static string Short(string text) => text.Length <= MaxTextLength ? text : text[..MaxTextLength];
}
