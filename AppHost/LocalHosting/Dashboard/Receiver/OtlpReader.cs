using Aspire.Hosting.Dashboard.Otlp;
using Aspire.Hosting.Dashboard.Telemetry;

namespace Aspire.Hosting.Dashboard.Receiver;

/// <summary>
/// Reads export requests. The three signals' have the same frame: repeated 1 = per resource {1 = resource, repeated 2 = per scope {1 = scope,
/// repeated 2 = item}}. A broken frame fails the request; an item that cannot be used is rejected by itself.
/// </summary>
internal sealed class OtlpReader
{
    private const int MaxSources = 2_000;
    private readonly ByteCache<TelemetryResource> _resources = new(MaxSources);
    private readonly ByteCache<TelemetryScope> _scopes = new(MaxSources);

    public TelemetryBatch Read(Signal signal, ReadOnlySpan<byte> request)
    {
        var batch = new TelemetryBatch(signal);
        var reader = new ProtoReader(request);
        while (reader.Next())
        {
            if (reader.Is(1, ProtoWire.Bytes))
            {
                ReadResource(batch, reader.Bytes());
            }
            else
            {
                reader.Skip();
            }
        }

        return batch;
    }

    // The resource may come after what it sent: fields of a message have no order.
    private void ReadResource(TelemetryBatch batch, ReadOnlySpan<byte> ofResource)
    {
        var resource = _resources.Get(First(ofResource, 1), TelemetryResource.Of, out var cost);
        batch.Resources.Add(resource);
        var reader = new ProtoReader(ofResource);
        while (reader.Next())
        {
            if (reader.Is(2, ProtoWire.Bytes))
            {
                ReadScope(batch, resource, reader.Bytes(), ref cost);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadScope(TelemetryBatch batch, TelemetryResource resource, ReadOnlySpan<byte> ofScope, ref int cost)
    {
        var scope = _scopes.Get(First(ofScope, 1), TelemetryScope.Of, out var scopeCost);
        cost += scopeCost;
        var reader = new ProtoReader(ofScope);
        while (reader.Next())
        {
            if (reader.Is(2, ProtoWire.Bytes))
            {
                ReadItem(batch, resource, scope, reader.Bytes(), cost);
                cost = 0;
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadItem(TelemetryBatch batch, TelemetryResource resource, TelemetryScope scope, ReadOnlySpan<byte> item, int cost)
    {
        try
        {
            switch (batch.Signal)
            {
                case Signal.Traces:
                    OtlpSpans.Read(batch, resource, scope, item, cost);
                    break;
                case Signal.Logs:
                    batch.Logs.Add(OtlpLogs.Read(resource, scope, item, cost));
                    break;
                default:
                    OtlpMetrics.Read(batch, resource, scope, item);
                    break;
            }
        }
        catch (OtlpFormatException malformed)
        {
            batch.Reject(malformed.Message);
        }
    }

    private static ReadOnlySpan<byte> First(ReadOnlySpan<byte> message, int field)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Is(field, ProtoWire.Bytes))
            {
                return reader.Bytes();
            }

            reader.Skip();
        }

        return default;
    }
}
