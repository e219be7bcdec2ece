using System.Collections.Concurrent;
using System.Diagnostics;

namespace AiPlatform.Tests.Common;

/// <summary>
/// The SQL statements of one request to a service in this process, counted by the spans of its data layer. The request has a trace of its
/// own, so that tests beside it are not counted with it.
/// </summary>
public static class SqlStatements
{
    private const string DataLayer = "AiPlatform.ServiceDefaults.Data";

    // Without somebody who listens to it the server begins no span, and the trace of the request ends there.
    private const string Server = "Microsoft.AspNetCore";

    /// <returns>What the statements did, as <c>select clients</c>, in the order in which they ended, and the answer, read to its end.</returns>
    public static async Task<(IReadOnlyList<string> Statements, HttpResponseMessage Response)> OfAsync(HttpClient client, HttpRequestMessage request)
    {
        var trace = ActivityTraceId.CreateRandom();
        var statements = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is DataLayer or Server,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == trace && activity.Source.Name is DataLayer)
                {
                    statements.Enqueue(activity.DisplayName);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        // 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
        request.Headers.Add("traceparent", $"00-{trace.ToHexString()}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
        var response = await client.SendAsync(request);
        return ([.. statements], response);
    }

    /// <inheritdoc cref="OfAsync(HttpClient, HttpRequestMessage)"/>
    public static Task<(IReadOnlyList<string> Statements, HttpResponseMessage Response)> OfAsync(HttpClient client, string path) =>
        OfAsync(client, new HttpRequestMessage(HttpMethod.Get, path));
}
