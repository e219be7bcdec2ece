using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Transport;

public sealed class RunEndpointTests
{
    [Fact]
    [Trait("Spec", "T002-090")]
    public async Task Get_OfARun_ShowsItsRecord()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Whole);
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");
        var run = await socket.AskAsync("hello");

        using var client = host.CreateClient(user);
        var record = await client.GetFromJsonAsync<JsonElement>($"/chat/runs/{run[0].RunId}");

        Assert.Equal(("completed", "web_assistant", "s1"), (Text(record, "status"), Text(record, "persona"), Text(record, "sessionId")));
        Assert.Equal((run[0].Epoch, run[0].TextOf("thread_id"), "You said: hello 🙂"), (Text(record, "epoch"), Text(record, "threadId"), Text(record, "text")));
        Assert.Equal(run.Count, record.GetProperty("lastSeq").GetInt32());
        Assert.Equal("search_clients", record.GetProperty("toolCalls")[0].GetProperty("toolName").GetString());
        Assert.Equal((10, 20, 0.5m), (
            record.GetProperty("usage").GetProperty("inputTokens").GetInt32(), record.GetProperty("usage").GetProperty("outputTokens").GetInt32(),
            record.GetProperty("usage").GetProperty("costUsd").GetDecimal()));
    }

    [Fact]
    [Trait("Spec", "T002-113")]
    public async Task Events_AfterEveryPlace_AreTheSameBytesAsOnTheSocket()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Whole);
        await using var other = host.StartReplica();
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");
        var run = await socket.AskAsync("hello");

        using var client = other.CreateClient(user);
        for (var last = 0; last <= run.Count; last++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/chat/runs/{run[0].RunId}/events");
            if (last > 0)
            {
                request.Headers.Add("Last-Event-ID", $"{run[0].Epoch}:{last}");
            }

            using var response = await client.SendAsync(request);
            var expected = run.Skip(last).Select(frame => $"id: {frame.Epoch}:{frame.Seq}\nevent: {frame.Type}\ndata: {frame.Raw}\n\n");

            Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
            Assert.Equal(string.Concat(expected), await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Events_OfARunThatGoesOn_AreLiveWithCommentsBetween()
    {
        var go = new TaskCompletionSource();
        await using var host = await ChatHost.StartAsync(Scripts.Waiting(go.Task), new() { ["Transport:SseComment"] = "00:00:00.1" });
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");
        await socket.SendAsync(new { type = "chat_message", message = "hello" });
        var seen = await socket.ReadUntilAsync("tool_executing");

        using var client = host.CreateClient(user);
        using var response = await client.GetAsync($"/chat/runs/{seen[^1].RunId}/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var lines = new List<string>();
        while (await reader.ReadLineAsync().WaitAsync(ChatSocket.Timeout) is { } line)
        {
            lines.Add(line);
            if (line.StartsWith(':'))
            {
                go.TrySetResult();
            }
        }

        var run = seen.Concat(await socket.ReadUntilAsync("agent_completed")).OfRun(seen[^1].RunId);
        Assert.Contains(": still here", lines);
        Assert.Equal(run.Raws(), lines.Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line["data: ".Length..]));
    }

    [Fact]
    public async Task Events_WithAPlaceThatNeverWas_AreOneSnapshot()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");
        var run = await socket.AskAsync("hello");

        using var client = host.CreateClient(user);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/chat/runs/{run[0].RunId}/events");
        request.Headers.Add("Last-Event-ID", "another:3");
        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();

        Assert.StartsWith("event: run_snapshot\ndata: {", body, StringComparison.Ordinal);
        Assert.Contains("echo: hello", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OfSomebodyElse_Is404()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");
        var run = await socket.AskAsync("hello");

        foreach (var other in (TestToken[])[user with { UserId = Guid.CreateVersion7() }, user with { PracticeId = Guid.CreateVersion7() }])
        {
            using var client = host.CreateClient(other);
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/chat/runs/{run[0].RunId}")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/chat/runs/{run[0].RunId}/events")).StatusCode);
        }

        using var nobody = host.CreateClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync($"/chat/runs/{run[0].RunId}")).StatusCode);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
