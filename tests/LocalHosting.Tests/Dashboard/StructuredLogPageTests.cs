using System.Net;
using System.Text.Json.Nodes;

namespace AiPlatform.LocalHosting.Tests.Dashboard;

public sealed class StructuredLogPageTests(DashboardHost host) : IClassFixture<DashboardHost>
{
    [Fact]
    public async Task Item_OfALogWithException_HasAllThatWasSent()
    {
        var log = Otlp.Log(
            "Could not load 7.", severity: 17, trace: 11, span: 12, atMs: 1500,
            more:
            [
                Otlp.Attribute(6, "Number", 7),
                Otlp.Attribute(6, "exception.type", "System.InvalidOperationException"),
                Otlp.Attribute(6, "exception.message", "No."),
                Otlp.Attribute(6, "exception.stacktrace", "at Program.Main()"),
                Otlp.Attribute(6, "Names", Wire.Bytes(5, [.. Wire.Bytes(1, Wire.Text(1, "a")), .. Wire.Bytes(1, Wire.Number(3, 1))])),
                Wire.Text(12, "LoadFailed"),
            ]);
        await host.SendAsync("logs", Otlp.Request("items", "items-1", "Clients.Store", log));

        var page = await host.ReadAsync("/api/structuredlogs?resource=items");

        var item = page["items"]!.AsArray().Single()!.AsObject();
        item.Remove("id");
        Assert.Equal(
            """{"time":1767225601500,"resource":"items","instance":"items-1","level":"Error","message":"Could not load 7.","category":"Clients.Store","eventName":"LoadFailed","traceId":"0000000000000000000000000000000b","spanId":"000000000000000c","attributes":[["Number","7"],["Names","[\"a\",1]"]],"exception":"System.InvalidOperationException: No.\nat Program.Main()"}""",
            item.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal(("false", "1"), (page["hasMore"]!.ToJsonString(), page["total"]!.ToJsonString()));
    }

    [Theory]
    [InlineData("", "trace|info|warning|critical")]
    [InlineData("&level=Information", "info|warning|critical")]
    [InlineData("&level=critical", "critical")]
    [InlineData("&traceId=00000000000000000000000000000015", "warning|critical")]
    [InlineData("&traceId=00000000000000000000000000000015&spanId=0000000000000016", "critical")]
    [InlineData("&traceId=nonsense", "")]
    [InlineData("&spanId=nonsense", "")]
    [InlineData("&text=WARN", "warning")]
    [InlineData("&text=maya", "info")]
    [InlineData("&text=Stores.Client", "trace|info|warning|critical")]
    [InlineData("&text=4711", "critical")]
    [InlineData("&text=stackframe", "critical")]
    [InlineData("&text=Ärger", "warning")]
    [InlineData("&text=%C3%A4RGER", "warning")]
    [InlineData("&text=nowhere", "")]
    public async Task Logs_Filtered_AreThoseThatMatch(string filter, string expected)
    {
        var ownHost = await DashboardHost.StartAsync();
        await ownHost.SendAsync("logs", Otlp.Request(
            "filters", null, "Stores.ClientStore",
            Otlp.Log("trace", severity: 1),
            Otlp.Log("info", more: Otlp.Attribute(6, "Name", "Maya Lindqvist")),
            Otlp.Log("warning", severity: 13, trace: 21, more: Otlp.Attribute(6, "Why", "ärger")),
            Otlp.Log("critical", severity: 21, trace: 21, span: 22, more: [Otlp.Attribute(6, "Port", 4711), Otlp.Attribute(6, "exception.stacktrace", "at StackFrame()")])));
        await ownHost.SendAsync("logs", Otlp.Request("another", Otlp.Log("another's")));

        var page = await ownHost.ReadAsync($"/api/structuredlogs?resource=FILTERS{filter}");
        await ownHost.DisposeAsync();

        Assert.Equal(expected, string.Join('|', Messages(page)));
        Assert.Equal(expected.Length == 0 ? 0 : expected.Split('|').Length, page["total"]!.GetValue<int>());
    }

    [Fact]
    public async Task Logs_PagedBackwards_ComeAllOnceNewestLastOnEachPage()
    {
        await host.SendAsync("logs", Otlp.Request("paged", [.. Enumerable.Range(1, 5).Select(i => Otlp.Log($"log {i}"))]));

        var newest = await host.ReadAsync("/api/structuredlogs?resource=paged&limit=2");
        var middle = await host.ReadAsync($"/api/structuredlogs?resource=paged&limit=2&before={newest["items"]![0]!["id"]}");
        var oldest = await host.ReadAsync($"/api/structuredlogs?resource=paged&limit=2&before={middle["items"]![0]!["id"]}");

        Assert.Equal(["log 4", "log 5"], Messages(newest));
        Assert.Equal(["log 2", "log 3"], Messages(middle));
        Assert.Equal(["log 1"], Messages(oldest));
        Assert.Equal((true, true, false), (newest["hasMore"]!.GetValue<bool>(), middle["hasMore"]!.GetValue<bool>(), oldest["hasMore"]!.GetValue<bool>()));
        Assert.Equal((5, 5, 5), (newest["total"]!.GetValue<int>(), middle["total"]!.GetValue<int>(), oldest["total"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("/api/structuredlogs?level=loud", HttpStatusCode.BadRequest)]
    [InlineData("/api/structuredlogs?before=yesterday", HttpStatusCode.BadRequest)]
    [InlineData("/api/structuredlogs?run=unknown", HttpStatusCode.NotFound)]
    public async Task Query_OfWhatIsNot_IsAProblem(string path, HttpStatusCode expected)
    {
        Assert.Equal(expected, await host.StatusAsync(path));
    }

    private static IEnumerable<string> Messages(JsonNode page) => page["items"]!.AsArray().Select(i => i!["message"]!.GetValue<string>());
}
