using System.Net;
using System.Text.Json.Nodes;

namespace AiPlatform.LocalHosting.Tests.Dashboard;

public sealed class TracePageTests(DashboardHost host) : IClassFixture<DashboardHost>
{
    [Fact]
    public async Task Trace_OfTwoServicesWithAModelCall_IsSummedUp()
    {
        // The child arrives first, as it ends first.
        await host.SendAsync("traces", Otlp.Request("sum-api", Otlp.Span(31, 3, "GET /clients", parent: 1, startMs: 20, durationMs: 5, isError: true)));
        await host.SendAsync("traces", Otlp.Request(
            "sum-chat",
            Otlp.Span(31, 1, "POST /chat", startMs: 10, durationMs: 40),
            Otlp.Span(31, 2, "chat gpt", parent: 1, startMs: 15, durationMs: 10, more:
                [Otlp.Attribute(9, "gen_ai.operation.name", "chat"), Otlp.Attribute(9, "gen_ai.request.model", "gpt"), Otlp.Attribute(9, "gen_ai.usage.input_tokens", 100), Otlp.Attribute(9, "gen_ai.usage.output_tokens", 20)]),
            Otlp.Span(31, 4, "invoke_agent", parent: 1, startMs: 15, more: [Otlp.Attribute(9, "gen_ai.operation.name", "invoke_agent"), Otlp.Attribute(9, "gen_ai.usage.input_tokens", 100)])));

        var page = await host.ReadAsync("/api/traces?resource=sum-api");

        Assert.Equal(
            """{"items":[{"id":"0000000000000000000000000000001f","name":"POST /chat","resource":"sum-chat","start":1767225600010,"durationMs":40,"spans":4,"errors":1,"resources":[{"name":"sum-api","spans":1,"errors":1},{"name":"sum-chat","spans":3,"errors":0}],"tokens":120,"model":"gpt"}],"hasMore":false,"total":1,"next":null}""",
            page.ToJsonString());
    }

    [Theory]
    [InlineData("", "fourth|third|second|first")]
    [InlineData("&errors=true", "third")]
    [InlineData("&minMs=100", "second")]
    [InlineData("&resource=FIND-API", "fourth")]
    [InlineData("&text=SELECT", "second")]
    [InlineData("&text=third", "third")]
    [InlineData("&text=00000000000000000000000000000029", "first")]
    public async Task Traces_Filtered_AreThoseThatMatchNewestFirst(string filter, string expected)
    {
        var ownHost = await DashboardHost.StartAsync();
        await ownHost.SendAsync("traces", Otlp.Request(
            "find-chat",
            Otlp.Span(43, 3, "third", startMs: 3, isError: true),
            Otlp.Span(41, 1, "first", startMs: 1),
            Otlp.Span(42, 2, "second", startMs: 2, durationMs: 100, more: Otlp.Attribute(9, "db.query.text", "select 1")),
            Otlp.Span(44, 4, "fourth", startMs: 4)));
        await ownHost.SendAsync("traces", Otlp.Request("find-api", Otlp.Span(44, 5, "child", parent: 4, startMs: 4)));

        var page = await ownHost.ReadAsync($"/api/traces?limit=10{filter}");
        await ownHost.DisposeAsync();

        Assert.Equal(expected, string.Join('|', Names(page)));
        Assert.Equal(expected.Split('|').Length, page["total"]!.GetValue<int>());
    }

    [Fact]
    public async Task Traces_Paged_ComeAllOnceAlsoThoseOfOneMoment()
    {
        await host.SendAsync("traces", Otlp.Request("paged", [.. Enumerable.Range(51, 5).Select(i => Otlp.Span(i, i, $"trace {i}", startMs: 7))]));

        List<string> names = [];
        var query = "/api/traces?resource=paged&limit=2";
        for (var next = ""; next is not null;)
        {
            var page = await host.ReadAsync(query + next);
            names.AddRange(Names(page));
            Assert.Equal((page["next"] is not null, 5), (page["hasMore"]!.GetValue<bool>(), page["total"]!.GetValue<int>()));
            next = page["next"] is { } cursor ? $"&before={cursor.GetValue<string>()}" : null;
        }

        Assert.Equal(["trace 55", "trace 54", "trace 53", "trace 52", "trace 51"], names);
    }

    [Fact]
    public async Task Trace_WithOrphansAndACircle_IsReadFromItsRootsDown()
    {
        await host.SendAsync("traces", Otlp.Request(
            "tree",
            Otlp.Span(61, 4, "late child", parent: 1, startMs: 8),
            Otlp.Span(61, 3, "grandchild", parent: 2, startMs: 3),
            Otlp.Span(61, 2, "early child", parent: 1, startMs: 2),
            Otlp.Span(61, 1, "root", startMs: 1),
            Otlp.Span(61, 5, "orphan", parent: 99, startMs: 0),
            Otlp.Span(61, 6, "circle a", parent: 7, startMs: 10),
            Otlp.Span(61, 7, "circle b", parent: 6, startMs: 11)));

        var trace = await host.ReadAsync($"/api/traces/{Otlp.TraceId(61)}");

        Assert.Equal(
            "0 orphan 0|0 root 1|1 early child 2|2 grandchild 3|1 late child 8|0 circle a 10|1 circle b 11",
            string.Join('|', trace["spans"]!.AsArray().Select(s => $"{s!["depth"]} {s["name"]} {s["startMs"]}")));
    }

    [Fact]
    public async Task Trace_OneSpan_HasAllThatWasSentAndItsLogs()
    {
        var span = Otlp.Span(71, 1, "chat gpt", startMs: 100, durationMs: 20, isError: true, more:
        [
            Wire.Number(6, 3),
            Otlp.Attribute(9, "gen_ai.operation.name", "chat"),
            Otlp.Attribute(9, "gen_ai.provider.name", "openai"),
            Otlp.Attribute(9, "gen_ai.response.model", "gpt-mini"),
            Otlp.Attribute(9, "gen_ai.usage.input_tokens", 10),
            Otlp.Attribute(9, "gen_ai.usage.output_tokens", 5),
            Otlp.Attribute(9, "aiplatform.model.cost_usd", 0.25),
            Wire.Bytes(11, [.. Wire.Fixed(1, Otlp.Epoch + (105 * Otlp.Millisecond)), .. Wire.Text(2, "first token"), .. Otlp.Attribute(3, "n", 1)]),
            Wire.Bytes(13, [.. Wire.Bytes(1, Convert.FromHexString(Otlp.TraceId(72))), .. Wire.Bytes(2, Convert.FromHexString(Otlp.SpanId(9)))]),
        ]);
        await host.SendAsync("traces", Otlp.Request("whole", "whole-1", "Chat.Models", span));
        await host.SendAsync("logs", Otlp.Request("whole", Otlp.Log("Asked.", trace: 71, span: 1), Otlp.Log("Another's.", trace: 72)));

        var trace = await host.ReadAsync($"/api/traces/{Otlp.TraceId(71).ToUpperInvariant()}");

        Assert.Equal(
            """[{"id":"0000000000000001","parentId":null,"depth":0,"name":"chat gpt","resource":"whole","instance":"whole-1","kind":"client","scope":"Chat.Models","startMs":0,"durationMs":20,"status":"error","statusMessage":"It failed.","attributes":[["gen_ai.operation.name","chat"],["gen_ai.provider.name","openai"],["gen_ai.response.model","gpt-mini"],["gen_ai.usage.input_tokens","10"],["gen_ai.usage.output_tokens","5"],["aiplatform.model.cost_usd","0.25"]],"events":[{"name":"first token","timeMs":5,"attributes":[["n","1"]]}],"links":[{"traceId":"00000000000000000000000000000048","spanId":"0000000000000009"}],"genai":{"operation":"chat","system":"openai","model":"gpt-mini","inputTokens":10,"outputTokens":5,"costUsd":0.25,"toolName":null,"toolCallId":null,"conversationId":null,"input":null,"output":null}}]""",
            trace["spans"]!.ToJsonString());
        Assert.Equal(["Asked."], trace["logs"]!.AsArray().Select(l => l!["message"]!.GetValue<string>()));
        Assert.Equal(
            (Otlp.TraceId(71), 1767225600100, 20, false),
            (trace["id"]!.GetValue<string>(), trace["start"]!.GetValue<double>(), trace["durationMs"]!.GetValue<double>(), trace["truncated"]!.GetValue<bool>()));
    }

    [Theory]
    [InlineData("/api/traces?before=first", HttpStatusCode.BadRequest)]
    [InlineData("/api/traces?minMs=long", HttpStatusCode.BadRequest)]
    [InlineData("/api/traces?run=unknown", HttpStatusCode.NotFound)]
    [InlineData("/api/traces/ffffffffffffffffffffffffffffffff", HttpStatusCode.NotFound)]
    [InlineData("/api/traces/nonsense", HttpStatusCode.NotFound)]
    public async Task Query_OfWhatIsNot_IsAProblem(string path, HttpStatusCode expected)
    {
        Assert.Equal(expected, await host.StatusAsync(path));
    }

    private static IEnumerable<string> Names(JsonNode page) => page["items"]!.AsArray().Select(i => i!["name"]!.GetValue<string>());
}
