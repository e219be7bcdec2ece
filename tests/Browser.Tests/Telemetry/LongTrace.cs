namespace AiPlatform.Browser.Tests.Telemetry;

/// <summary>2,000 spans, five levels deep: "span 0" is the root, and every other one the child of one before it.</summary>
internal static class LongTrace
{
    public const int Spans = 2_000;
    private const int Branches = 6;

    public static int ChildrenOfTheRoot => 1 + Branches;

    public static (string TraceId, IReadOnlyCollection<SentSpan> Spans) Make()
    {
        var trace = Ids.Trace();
        var ids = Enumerable.Range(0, Spans).Select(_ => Ids.Span()).ToArray();
        var order = DepthFirst(0).ToArray();
        return (trace, [.. order.Select((node, place) => new SentSpan(trace, $"span {place}", place, Spans - place)
        {
            Id = ids[node],
            ParentId = node == 0 ? null : ids[Parent(node)],
            Error = place % 97 == 96 ? "Lost." : null,
            Attributes = [("http.request.method", "GET"), ("url.path", $"/goods/{place}"), ("server.address", "localhost"), ("http.response.status_code", "200")],
        })]);
    }

    /// <summary>The names from the root to the span of this number.</summary>
    public static string[] PathTo(int place)
    {
        var order = DepthFirst(0).ToArray();
        var path = new Stack<string>();
        for (var node = order[place]; ; node = Parent(node))
        {
            path.Push($"span {Array.IndexOf(order, node)}");
            if (node == 0)
            {
                return [.. path];
            }
        }
    }

    // A heap of six branches; numbers are given in the order in which the page shows them.
    private static IEnumerable<int> DepthFirst(int node) =>
        node >= Spans ? [] : Enumerable.Range(1, Branches).SelectMany(branch => DepthFirst((node * Branches) + branch)).Prepend(node);

    private static int Parent(int node) => (node - 1) / Branches;
}
