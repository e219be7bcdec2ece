using Aspire.Hosting.Dashboard.Otlp;
using Aspire.Hosting.Dashboard.Telemetry;

namespace Aspire.Hosting.Dashboard.Receiver;

internal static class OtlpSpans
{
    private const int ErrorCode = 2;

    public static void Read(TelemetryBatch batch, TelemetryResource resource, TelemetryScope scope, ReadOnlySpan<byte> message, int cost)
    {
        var (traceId, spanId, parentId) = (default(TraceId), 0UL, 0UL);
        var (name, kind, start, end) = ("", 0, 0UL, 0UL);
        var (isError, isGenAi) = (false, false);
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field, reader.Wire)
            {
                case (1, ProtoWire.Bytes):
                    traceId = TraceId.Of(reader.Bytes());
                    break;
                case (2, ProtoWire.Bytes):
                    spanId = SpanId.Of(reader.Bytes());
                    break;
                case (4, ProtoWire.Bytes):
                    parentId = SpanId.Of(reader.Bytes());
                    break;
                case (5, ProtoWire.Bytes):
                    name = reader.Text();
                    break;
                case (6, ProtoWire.Varint):
                    kind = (int)reader.Varint();
                    break;
                case (7, ProtoWire.Fixed64):
                    start = reader.Fixed64();
                    break;
                case (8, ProtoWire.Fixed64):
                    end = reader.Fixed64();
                    break;
                case (StoredSpan.Attributes, ProtoWire.Bytes):
                    isGenAi |= IsGenAi(reader.Bytes());
                    break;
                case (StoredSpan.Status, ProtoWire.Bytes):
                    isError = StatusCode(reader.Bytes()) == ErrorCode;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (traceId.IsNone || spanId == 0)
        {
            batch.Reject("A span has no valid trace id or span id.");
            return;
        }

        OtlpMessage.Span.Check(message);
        var body = message.ToArray();
        batch.Spans.Add(new(resource, scope, body)
        {
            TraceId = traceId,
            SpanId = spanId,
            ParentId = parentId,
            Name = name,
            Kind = kind,
            Start = start,
            End = Math.Max(start, end),
            IsError = isError,
            IsGenAi = isGenAi,
            Size = StoredSpan.SizeOf(body, name, cost),
        });
    }

    // KeyValue: {1 = key}
    private static bool IsGenAi(ReadOnlySpan<byte> attribute)
    {
        var reader = new ProtoReader(attribute);
        return reader.Next() && reader.Is(1, ProtoWire.Bytes) && reader.Bytes().StartsWith("gen_ai."u8);
    }

    private static int StatusCode(ReadOnlySpan<byte> status)
    {
        var code = 0;
        var reader = new ProtoReader(status);
        while (reader.Next())
        {
            if (reader.Is(3, ProtoWire.Varint))
            {
                code = (int)reader.Varint();
            }
            else
            {
                reader.Skip();
            }
        }

        return code;
    }
}
