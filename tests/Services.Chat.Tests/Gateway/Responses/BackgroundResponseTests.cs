using System.Net;
using System.Text.Json;
using AiPlatform.Services.Chat.Gateway.Responses.Background;
using AiPlatform.Services.Chat.Gateway.Responses.Storage;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Services.Chat.Tests.Gateway.Responses;

public sealed class BackgroundResponseTests
{
    private const string Request = """{"model":"chat","input":"Hi","background":true}""";

    [Fact]
    public async Task Create_InBackground_WaitsAndIsReadWhenItIsDone()
    {
        await using var host = await ResponseHost.StartAsync();
        var gate = new TaskCompletionSource();
        host.Model.Enqueue(ModelReply.Of(new ModelStep.Wait(gate.Task), new ModelStep.TextDelta("Done.")));

        var queued = await host.CreatedAsync(Request);
        await host.Model.NextRequestAsync();
        var working = await ReadAsync(host, Id(queued));
        gate.SetResult();

        Assert.Equal(("queued", true, "in_progress"), (Status(queued), queued.GetProperty("background").GetBoolean(), Status(working)));
        var done = await EndedAsync(host, Id(queued));
        Assert.Equal(("completed", "Done."), (Status(done), done.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Create_InBackgroundAndRefused_IsReadAsFailed()
    {
        await using var host = await ResponseHost.StartAsync();
        host.Model.Respond = _ => ModelReply.Refuse(HttpStatusCode.BadRequest, "secret words");

        var done = await EndedAsync(host, Id(await host.CreatedAsync(Request)));

        Assert.Equal(("failed", "server_error"), (Status(done), done.GetProperty("error").GetProperty("code").GetString()));
        Assert.DoesNotContain("secret", done.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_UnderWay_EndsTheProvidersCallAndStays()
    {
        await using var host = await ResponseHost.StartAsync();
        host.Model.Enqueue(ModelReply.Hang());
        var id = Id(await host.CreatedAsync(Request));
        var asked = await host.Model.NextRequestAsync();

        var (status, cancelled) = await host.SendAsync(HttpMethod.Post, $"/v1/responses/{id}/cancel");
        var (again, twice) = await host.SendAsync(HttpMethod.Post, $"/v1/responses/{id}/cancel");

        Assert.Equal((HttpStatusCode.OK, "cancelled", HttpStatusCode.OK, "cancelled"), (status, Status(cancelled), again, Status(twice)));
        Assert.False(await asked.Ended.WaitAsync(Eventually.Timeout));
        Assert.Equal("cancelled", Status(await ReadAsync(host, id)));
        Assert.Equal(
            (HttpStatusCode.BadRequest, "previous_response_id"),
            await host.CreateAsync($$"""{"model":"chat","input":"Hi","previous_response_id":"{{id}}"}""") is var (refused, body) ? (refused, body.GetProperty("error").GetProperty("param").GetString()) : default);
    }

    [Fact]
    public async Task Cancel_NotInBackground_IsRefused()
    {
        await using var host = await ResponseHost.StartAsync();
        host.Model.Enqueue(ModelReply.Text("Fine."));
        var id = Id(await host.CreatedAsync("""{"model":"chat","input":"Hi"}"""));

        var (status, body) = await host.SendAsync(HttpMethod.Post, $"/v1/responses/{id}/cancel");

        Assert.Equal((HttpStatusCode.BadRequest, "response_id"), (status, body.GetProperty("error").GetProperty("param").GetString()));
    }

    [Fact]
    public async Task Delete_UnderWay_EndsTheProvidersCall()
    {
        await using var host = await ResponseHost.StartAsync();
        host.Model.Enqueue(ModelReply.Hang());
        var id = Id(await host.CreatedAsync(Request));
        var asked = await host.Model.NextRequestAsync();

        await host.SendAsync(HttpMethod.Delete, $"/v1/responses/{id}");

        Assert.False(await asked.Ended.WaitAsync(Eventually.Timeout));
        Assert.Equal(HttpStatusCode.NotFound, (await host.SendAsync(HttpMethod.Get, $"/v1/responses/{id}")).Status);
    }

    [Fact]
    public async Task Create_MoreThanMayWait_IsToldToComeBack()
    {
        await using var host = await ResponseHost.StartAsync(("Gateway:Background:Concurrency", "1"), ("Gateway:Background:QueueLength", "1"));
        host.Model.Respond = _ => ModelReply.Hang();
        await host.CreatedAsync(Request);
        await host.Model.NextRequestAsync();

        // One is under way, one may be taken out already for when it ends, one waits.
        var statuses = new List<HttpStatusCode>();
        foreach (var _ in Enumerable.Range(0, 4))
        {
            statuses.Add((await host.CreateAsync(Request)).Status);
        }

        Assert.Equal(HttpStatusCode.OK, statuses[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
    }

    [Fact]
    public async Task Create_InBackgroundAndARenewalFails_IsFinishedAllTheSame()
    {
        var (time, logged, gate) = (new TestTimeProvider(), new LoggedLines(), new TaskCompletionSource());
        await using var host = await ResponseHost.StartAsync(services =>
        {
            services.Remove(services.Single(service => service.ImplementationType == typeof(BackgroundResponseWorker)));
            services.AddHostedService(provider => ActivatorUtilities.CreateInstance<BackgroundResponseWorker>(provider, time));
            services.AddSingleton<ILoggerProvider>(logged);
        });
        host.Model.Enqueue(ModelReply.Of(new ModelStep.Wait(gate.Task), new ModelStep.TextDelta("Done.")));
        var id = Id(await host.CreatedAsync(Request));
        await host.Model.NextRequestAsync();
        using var redis = await KeptResponseTests.ConnectAsync(host);
        var (key, aside) = (KeptResponseTests.Key(host.User, id), $"{KeptResponseTests.Key(host.User, id)}:aside");

        // Something else in its place: the script that renews it fails, and not because Redis is away.
        await redis.GetDatabase().KeyRenameAsync(key, aside);
        await redis.GetDatabase().StringSetAsync(key, "no hash");
        time.Advance(RedisResponseStore.Lease / 4);
        await Eventually.BecomesTrueAsync(() => logged.Lines.Any(line => line.Text.Contains($"That response {id} is being made could not be said", StringComparison.Ordinal)), "the renewal failed");
        await redis.GetDatabase().KeyRenameAsync(aside, key);
        gate.SetResult();

        var done = await EndedAsync(host, id);
        Assert.Equal(("completed", "Done."), (Status(done), done.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Read_WhoseReplicaIsDead_HasFailed()
    {
        await using var host = await ResponseHost.StartAsync();
        host.Model.Enqueue(ModelReply.Hang());
        var id = Id(await host.CreatedAsync(Request));
        await host.Model.NextRequestAsync();
        using var redis = await KeptResponseTests.ConnectAsync(host);

        // As if it had not been renewed for longer than a lease.
        await redis.GetDatabase().HashSetAsync(KeptResponseTests.Key(host.User, id), "a", 0);

        Assert.Equal("failed", Status(await ReadAsync(host, id)));
    }

    private static async Task<JsonElement> ReadAsync(ResponseHost host, string id)
    {
        var (status, body) = await host.SendAsync(HttpMethod.Get, $"/v1/responses/{id}");
        Assert.Equal(HttpStatusCode.OK, status);
        return body;
    }

    private static async Task<JsonElement> EndedAsync(ResponseHost host, string id)
    {
        JsonElement read = default;
        await Eventually.BecomesTrueAsync(async () => Status(read = await ReadAsync(host, id)) is not ("queued" or "in_progress"), "the response is done");
        return read;
    }

    private static string Id(JsonElement response) => response.GetProperty("id").GetString()!;

    private static string? Status(JsonElement response) => response.GetProperty("status").GetString();
}
