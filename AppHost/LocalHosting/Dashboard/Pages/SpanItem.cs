using System.Text.Json.Serialization;
using Aspire.Hosting.Dashboard.Otlp;
using Aspire.Hosting.Dashboard.Telemetry;

namespace Aspire.Hosting.Dashboard.Pages;

internal sealed record EventItem(string Name, double TimeMs, string[][] Attributes);

internal sealed record LinkItem(string TraceId, string SpanId);

/// <summary>A span in its trace.</summary>
/// <param name="StartMs">After the trace's start.</param>
internal sealed record SpanItem(
    string Id, string? ParentId, int Depth, string Name, string Resource, string? Instance, string Kind, string Scope, double StartMs, double DurationMs,
    string Status, string? StatusMessage, string[][] Attributes, IReadOnlyList<EventItem> Events, IReadOnlyList<LinkItem> Links,
    [property: JsonPropertyName("genai")] GenAiItem? GenAi)
{
    public static SpanItem Of(StoredSpan span, int depth, ulong traceStart)
    {
        var (status, message) = ("unset", default(string));
        var (events, links) = (new List<EventItem>(), new List<LinkItem>());
        var reader = new ProtoReader(span.Body);
        while (reader.Next())
        {
            switch (reader.Field, reader.Wire)
            {
                case (StoredSpan.Events, ProtoWire.Bytes):
                    events.Add(Event(reader.Bytes(), traceStart));
                    break;
                case (StoredSpan.Links, ProtoWire.Bytes):
                    links.Add(Link(reader.Bytes()));
                    break;
                case (StoredSpan.Status, ProtoWire.Bytes):
                    (status, message) = StatusOf(reader.Bytes());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        var attributes = OtlpAttributes.Of(span.Body, StoredSpan.Attributes);
        return new(
            Telemetry.SpanId.Text(span.SpanId), span.ParentId == 0 ? null : Telemetry.SpanId.Text(span.ParentId), depth, span.Name, span.Resource.Name, span.Resource.Instance,
            KindOf(span.Kind), span.Scope.Name, PageTime.Since(traceStart, span.Start), PageTime.Since(span.Start, span.End),
            status, message, attributes.ToPairs(), events, links, span.IsGenAi ? GenAiItem.Of(attributes) : null);
    }

    // Span.Event: {1 = time, 2 = name, 3 = attributes}
    private static EventItem Event(ReadOnlySpan<byte> message, ulong traceStart)
    {
        var (time, name) = (0UL, "");
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Is(1, ProtoWire.Fixed64))
            {
                time = reader.Fixed64();
            }
            else if (reader.Is(2, ProtoWire.Bytes))
            {
                name = reader.Text();
            }
            else
            {
                reader.Skip();
            }
        }

        return new(name, PageTime.Since(traceStart, time), OtlpAttributes.Of(message, 3).ToPairs());
    }

    // Span.Link: {1 = trace id, 2 = span id}
    private static LinkItem Link(ReadOnlySpan<byte> message)
    {
        var (traceId, spanId) = (default(TraceId), 0UL);
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Is(1, ProtoWire.Bytes))
            {
                traceId = Telemetry.TraceId.Of(reader.Bytes());
            }
            else if (reader.Is(2, ProtoWire.Bytes))
            {
                spanId = Telemetry.SpanId.Of(reader.Bytes());
            }
            else
            {
                reader.Skip();
            }
        }

        return new(traceId.ToString(), Telemetry.SpanId.Text(spanId));
    }

    // Status: {2 = message, 3 = code}
    private static (string Status, string? Message) StatusOf(ReadOnlySpan<byte> message)
    {
        var (code, text) = (0UL, default(string));
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Is(2, ProtoWire.Bytes))
            {
                text = reader.Text();
            }
            else if (reader.Is(3, ProtoWire.Varint))
            {
                code = reader.Varint();
            }
            else
            {
                reader.Skip();
            }
        }

        return (code switch { 1 => "ok", 2 => "error", _ => "unset" }, string.IsNullOrEmpty(text) ? null : text);
    }

    private static string KindOf(int kind) => kind switch { 2 => "server", 3 => "client", 4 => "producer", 5 => "consumer", _ => "internal" };
}
