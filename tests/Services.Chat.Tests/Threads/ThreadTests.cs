using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Threads;

public sealed class ThreadTests
{
    [Fact]
    [Trait("Spec", "T002-100")]
    public async Task Messages_OfASession_AreStoredInOneThreadAndShownToTheModel()
    {
        var histories = new List<IReadOnlyList<string>>();
        await using var host = await ChatHost.StartAsync((run, output, token, cancellationToken) =>
        {
            histories.Add([.. run.History.Select(message => $"{message.Role}: {message.Text}")]);
            return Scripts.Echo(run, output, token, cancellationToken);
        });
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");

        var first = await socket.AskAsync("Über Ana\nand more");
        await socket.AskAsync("two");
        using var client = host.CreateClient(user);
        var threads = Data(await client.GetFromJsonAsync<JsonElement>("/api/v1/threads"));
        var threadId = threads[0].GetProperty("id").GetString();
        var messages = Data(await client.GetFromJsonAsync<JsonElement>($"/api/v1/threads/{threadId}/messages"));

        Assert.Equal([[], ["user: Über Ana\nand more", "assistant: echo: Über Ana\nand more"]], histories);
        Assert.Equal(first[0].TextOf("thread_id"), threadId);
        Assert.Single(threads);
        Assert.Equal("Über Ana", threads[0].GetProperty("title").GetString());
        Assert.Equal(
            ["user complete Über Ana\nand more", "assistant complete echo: Über Ana\nand more", "user complete two", "assistant complete echo: two"],
            messages.Select(message => $"{Text(message, "role")} {Text(message, "status")} {Text(message, "content")}"));
        Assert.Equal([null, .. messages.Take(3).Select(message => Text(message, "id"))], messages.Select(message => Text(message, "parentId")));
    }

    [Fact]
    public async Task History_IsTheLastFortyMessagesOfTheThread()
    {
        IReadOnlyList<ChatMessage> history = [];
        await using var host = await ChatHost.StartAsync(
            (run, output, token, cancellationToken) =>
            {
                history = run.History;
                return Scripts.Echo(run, output, token, cancellationToken);
            },
            new() { ["Runs:HistoryMessages"] = "4" });
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");

        for (var index = 0; index < 4; index++)
        {
            await socket.AskAsync($"m{index}");
        }

        Assert.Equal(["m1", "echo: m1", "m2", "echo: m2"], history.Select(message => message.Text));
    }

    [Fact]
    public async Task ThreadId_OfAMessage_SwitchesTheSessionToThatThread()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var user = new TestToken();
        await using var one = await host.ConnectAsync(user, "/ws/s1");
        await using var two = await host.ConnectAsync(user, "/ws/s2");
        var thread = (await one.AskAsync("first"))[0].TextOf("thread_id");
        await two.AskAsync("somewhere else");

        await two.SendAsync(new { type = "chat_message", message = "second", thread_id = thread });
        var switched = await two.ReadRunAsync();
        var stays = await two.AskAsync("third");

        Assert.Equal((thread, thread), (switched[0].TextOf("thread_id"), stays[0].TextOf("thread_id")));
    }

    [Fact]
    public async Task PartialAnswer_OfACancelledRun_IsStoredAndMarked()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Waiting(new TaskCompletionSource().Task));
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");
        await socket.SendAsync(new { type = "chat_message", message = "wait" });
        await socket.ReadUntilAsync("tool_executing");
        await socket.SendAsync(new { type = "cancel" });
        var end = (await socket.ReadUntilAsync("agent_completed"))[^1];

        using var client = host.CreateClient(user);
        var messages = Data(await client.GetFromJsonAsync<JsonElement>($"/api/v1/threads/{end.TextOf("thread_id")}/messages"));

        Assert.Equal(["user complete wait", "assistant cancelled part "], messages.Select(message => $"{Text(message, "role")} {Text(message, "status")} {Text(message, "content")}"));
    }

    [Fact]
    public async Task Threads_OfOthers_DoNotExist()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");
        var thread = (await socket.AskAsync("secret"))[0].TextOf("thread_id");

        foreach (var other in (TestToken[])[user with { UserId = Guid.CreateVersion7() }, user with { PracticeId = Guid.CreateVersion7() }])
        {
            using var client = host.CreateClient(other);
            var messages = await client.GetAsync($"/api/v1/threads/{thread}/messages");
            await using var foreign = await host.ConnectAsync(other, "/ws/s1");
            await foreign.SendAsync(new { type = "chat_message", message = "hi", thread_id = thread });

            Assert.Equal(HttpStatusCode.NotFound, messages.StatusCode);
            Assert.False((await messages.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("success").GetBoolean());
            Assert.Empty(Data(await client.GetFromJsonAsync<JsonElement>("/api/v1/threads")));
            Assert.Equal("validation_error", (await foreign.ReadAsync()).TextOf("code"));
        }
    }

    [Fact]
    public async Task List_InPages_ShowsEveryThreadOnceLastUsedFirst()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var user = new TestToken();
        var expected = new List<string?>();
        for (var index = 0; index < 5; index++)
        {
            await using var socket = await host.ConnectAsync(user, $"/ws/s{index}");
            expected.Insert(0, (await socket.AskAsync($"m{index}"))[0].TextOf("thread_id"));
        }

        using var client = host.CreateClient(user);
        var seen = new List<string?>();
        string? cursor = null;
        do
        {
            var page = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/threads?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}")).GetProperty("data");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(thread => Text(thread, "id")));
            cursor = Text(page, "nextCursor");
        }
        while (cursor is not null);

        Assert.Equal(expected, seen);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/api/v1/threads?limit=0")).StatusCode);
    }

    private static List<JsonElement> Data(JsonElement envelope)
    {
        Assert.True(envelope.GetProperty("success").GetBoolean());
        Assert.Equal(200, envelope.GetProperty("code").GetInt32());
        return [.. envelope.GetProperty("data").GetProperty("items").EnumerateArray()];
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
