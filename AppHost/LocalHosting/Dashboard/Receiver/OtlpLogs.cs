using Aspire.Hosting.Dashboard.Otlp;
using Aspire.Hosting.Dashboard.Telemetry;

namespace Aspire.Hosting.Dashboard.Receiver;

internal static class OtlpLogs
{
    public static StoredLog Read(TelemetryResource resource, TelemetryScope scope, ReadOnlySpan<byte> message, int cost)
    {
        var (traceId, spanId) = (default(TraceId), 0UL);
        var (time, observed, severity) = (0UL, 0UL, 0);
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field, reader.Wire)
            {
                case (1, ProtoWire.Fixed64):
                    time = reader.Fixed64();
                    break;
                case (2, ProtoWire.Varint):
                    severity = (int)reader.Varint();
                    break;
                case (9, ProtoWire.Bytes):
                    traceId = TraceId.Of(reader.Bytes());
                    break;
                case (10, ProtoWire.Bytes):
                    spanId = SpanId.Of(reader.Bytes());
                    break;
                case (11, ProtoWire.Fixed64):
                    observed = reader.Fixed64();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        OtlpMessage.LogRecord.Check(message);
        var body = message.ToArray();
        return new(resource, scope, body)
        {
            TraceId = traceId,
            SpanId = spanId,
            Time = time == 0 ? observed : time,
            Severity = severity,
            Size = StoredLog.SizeOf(body, cost),
        };
    }
}
