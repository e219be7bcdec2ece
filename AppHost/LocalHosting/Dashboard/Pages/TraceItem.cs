using Aspire.Hosting.Dashboard.Otlp;
using Aspire.Hosting.Dashboard.Telemetry;

namespace Aspire.Hosting.Dashboard.Pages;

/// <summary>A trace in the list.</summary>
/// <param name="Name">Of its root span, or of the earliest when the root is not there.</param>
/// <param name="Tokens">Of its model calls.</param>
internal sealed record TraceItem(
    string Id, string Name, string Resource, double Start, double DurationMs, int Spans, int Errors, IReadOnlyList<ResourceShare> Resources, long? Tokens, string? Model)
{
    public static TraceItem Of(TraceSummary trace)
    {
        var (tokens, model) = (default(long?), default(string));
        foreach (var span in trace.GenAi)
        {
            if (GenAiItem.Of(OtlpAttributes.Of(span.Body, StoredSpan.Attributes)) is { IsModelCall: true } call)
            {
                model ??= call.Model;
                tokens = call.InputTokens is null && call.OutputTokens is null ? tokens : (tokens ?? 0) + (call.InputTokens ?? 0) + (call.OutputTokens ?? 0);
            }
        }

        return new(
            trace.Id.ToString(), trace.Root.Name, trace.Root.Resource.Name, PageTime.Of(trace.Start), PageTime.Since(trace.Start, trace.End), trace.Spans, trace.Errors, trace.Resources, tokens, model);
    }
}
