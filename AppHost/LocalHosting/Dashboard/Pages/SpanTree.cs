using Aspire.Hosting.Dashboard.Telemetry;

namespace Aspire.Hosting.Dashboard.Pages;

/// <summary>The order in which a trace is read: each span before its children, those by their start. A span whose parent is not there stands at the root.</summary>
internal static class SpanTree
{
    public static IEnumerable<(StoredSpan Span, int Depth)> InOrder(IReadOnlyCollection<StoredSpan> spans)
    {
        var ids = spans.Select(s => s.SpanId).ToHashSet();
        var children = spans.Where(s => s.ParentId != s.SpanId && ids.Contains(s.ParentId)).ToLookup(s => s.ParentId);
        var seen = new HashSet<StoredSpan>(ReferenceEqualityComparer.Instance);
        var roots = spans.Where(s => s.ParentId == s.SpanId || !ids.Contains(s.ParentId)).OrderBy(s => s.Start);

        // Spans that are each other's ancestors hang from no root; each such circle is opened where it starts.
        foreach (var top in roots.Concat(spans.OrderBy(s => s.Start)))
        {
            // No recursion: a trace may be as deep as it has spans.
            var open = new Stack<(StoredSpan Span, int Depth)>([(top, 0)]);
            while (open.TryPop(out var next))
            {
                if (!seen.Add(next.Span))
                {
                    continue;
                }

                yield return next;
                foreach (var child in children[next.Span.SpanId].OrderByDescending(s => s.Start))
                {
                    open.Push((child, next.Depth + 1));
                }
            }
        }
    }
}
