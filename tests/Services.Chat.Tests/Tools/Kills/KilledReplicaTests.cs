using System.Diagnostics;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Services.Chat.Tools;
using AiPlatform.Tests.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace AiPlatform.Services.Chat.Tests.Tools.Kills;

/// <summary>
/// The chat service's process is killed while its runs have documents written. Whatever moment that is: each call makes one document at
/// most, the ledger never says more than is true, and asking again under the same key gives that one document.
/// </summary>
public sealed class KilledReplicaTests(ITestOutputHelper output)
{
    private const int RunsPerKill = 3;
    private const string Tool = "generate_document_auto";

    private readonly TestToken _user = new() { ProfileId = Guid.CreateVersion7() };

    [Fact]
    public Task Kill_EightTimesAroundAWrite_MakesOneDocumentForEachCall() => KillAsync(8);

    [Fact]
    [Trait("Category", "soak")]
    public Task Kill_FiftyTimesAroundAWrite_MakesOneDocumentForEachCall() => KillAsync(50);

    private async Task KillAsync(int kills)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"Seed {seed}.");
        var random = new Random(seed);
        await using var neighbours = await WritingNeighbours.StartAsync(_user);
        await using var survivor = await ChatHost.StartAsync(settings: new()
        {
            ["services:api:http:0"] = neighbours.Url,
            ["services:documents:http:0"] = neighbours.Url,
            ["RunLog:LeaseSeconds"] = "6",

            // Those of a killed replica count as open until their leases are over.
            ["Transport:SocketsPerUser"] = "1000",
        });
        await using var issuer = await JwksServer.StartAsync(survivor.Tokens);
        var documentsDatabase = await (await DataServers.StartAsync()).CreateDatabaseAsync("documents");
        await using var documents = await ServiceProcess.StartAsync("Services.Documents", new Dictionary<string, string>
        {
            ["ConnectionStrings:documentsdb"] = documentsDatabase,
            ["Auth:Authority"] = issuer.Url,
            ["services:api:http:0"] = neighbours.Url,
            ["services:chat:http:0"] = new Uri(neighbours.Model.BaseUrl).GetLeftPart(UriPartial.Authority),
        });
        neighbours.Documents = documents.Url;
        var points = Enum.GetValues<WritePoint>();
        random.Shuffle(points);

        Task<ServiceProcess> StartChatAsync() => ServiceProcess.StartAsync("Services.Chat", new Dictionary<string, string>(survivor.Settings)
        {
            ["Auth:Authority"] = issuer.Url,
            ["Runs:PerUser"] = "100",
            ["Models:OpenAi:BaseUrl"] = neighbours.Model.BaseUrl,
            ["Models:OpenAi:ApiKey"] = "key",
            ["Models:OpenAi:Model"] = "test-model",
        });

        var next = StartChatAsync();
        for (var kill = 0; kill < kills; kill++)
        {
            await using var chat = await next;
            next = kill + 1 < kills ? StartChatAsync() : next;
            await KillOnceAsync(chat, neighbours, survivor, points[kill % points.Length], random, $"k{kill}");
        }

        neighbours.LosesCalls = false;
        var killed = Stopwatch.GetTimestamp();
        var calls = await EndedCallsAsync(survivor);
        var over = Stopwatch.GetElapsedTime(killed);
        var before = await DocumentsAsync(survivor, documentsDatabase);
        foreach (var call in calls)
        {
            // One at most; what the ledger calls completed is there, and is that one; nothing is called failed.
            Assert.True(before[call.SessionId].Count() <= 1, $"Seed {seed}: {call} made {before[call.SessionId].Count()} documents.");
            Assert.Contains(call.Status, (string[])["started", "completed"]);
            Assert.True(call.Status == "started" || before[call.SessionId].Single() == call.DocumentId, $"Seed {seed}: the ledger lies about {call}.");
        }

        // That the kill hit between the document and its record, and before the document, is what this test is about.
        Assert.Contains(calls, call => call.Status == "started" && before[call.SessionId].Any());
        var repeated = await Task.WhenAll(calls.Select(call => RepeatAsync(survivor, call)));
        var after = await DocumentsAsync(survivor, documentsDatabase);
        Assert.All(calls.Zip(repeated), pair => Assert.Equal(after[pair.First.SessionId].Single().ToString(), pair.Second.Documents.Single().DocumentId));
        Assert.All(await EndedCallsAsync(survivor), call => Assert.Equal(("completed", after[call.SessionId].Single()), (call.Status, call.DocumentId)));
        output.WriteLine($"{calls.Count} calls, {calls.Count(call => call.Status == "started")} in doubt, of which {calls.Count(call => call.Status == "started" && before[call.SessionId].Any())} were done.");
        output.WriteLine($"fault: killed {kills} times around a write | every run ended {over.TotalMilliseconds:0} ms after the last kill | second documents: {calls.Count(call => after[call.SessionId].Count() > 1)}");
    }

    // The first write that comes by the point decides; the other runs are wherever they are then.
    private async Task KillOnceAsync(
        ServiceProcess chat, WritingNeighbours neighbours, ChatHost survivor, WritePoint point, Random random, string name)
    {
        // A call of the replica killed before may still come by: it must not end this one before the clients have spoken.
        var spoken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var passed = 0;
        // Long enough after the answer that some calls get as far as their record.
        var delay = TimeSpan.FromMilliseconds(random.Next(0, point is WritePoint.AnswerPassedOn ? 200 : 20));
        var losesCalls = random.Next(2) == 0;
        neighbours.LosesCalls = false;
        neighbours.Passing = async passing =>
        {
            if (passing != point)
            {
                return;
            }

            await spoken.Task;
            if (Interlocked.Increment(ref passed) == 1)
            {
                await Task.Delay(delay);
                neighbours.LosesCalls = losesCalls;
                await chat.KillAsync();
                killed.SetResult();
            }

            await killed.Task;
        };

        var sockets = await Task.WhenAll(Enumerable.Range(0, RunsPerKill).Select(async run =>
        {
            var socket = await ChatSocket.ConnectAsync(new(chat.Url, $"/ws/{name}-{run}"), survivor.Tokens.Issue(_user));
            await socket.ReadUntilAsync("websocket_ready");
            await socket.SendTextAsync(neighbours.Screen());
            await socket.ReadUntilAsync("ui_state_ack");
            return socket;
        }));
        foreach (var socket in sockets)
        {
            await socket.SendAsync(new { type = "chat_message", message = "Write the note." });
        }

        spoken.SetResult();
        await killed.Task.WaitAsync(Eventually.Timeout);
        foreach (var socket in sockets)
        {
            await socket.DisposeAsync();
        }
    }

    private static async Task<IReadOnlyList<Call>> EndedCallsAsync(ChatHost survivor)
    {
        var database = survivor.Services.GetRequiredService<Database>();
        await Eventually.BecomesTrueAsync(
            async () => await database.RunAsync(
                async (connection, token) => await connection.ExecuteScalarAsync<int>(new("select count(*) from runs where ended_at is null", cancellationToken: token)) == 0,
                CancellationToken.None),
            "the runs of killed replicas are ended");
        return await database.RunAsync(
            async (connection, token) => (IReadOnlyList<Call>)[.. await connection.QueryAsync<Call>(new(
                """
                select run_id as RunId, call_key as CallKey, session_id as SessionId, tool_calls.status as Status, outcome as Outcome
                from tool_calls join runs on runs.id = tool_calls.run_id and runs.practice_id = tool_calls.practice_id
                """,
                cancellationToken: token))],
            CancellationToken.None);
    }

    // Both databases are on one server.
    private static async Task<ILookup<string, Guid>> DocumentsAsync(ChatHost survivor, string connectionString)
    {
        var name = new System.Data.Common.DbConnectionStringBuilder { ConnectionString = connectionString }["database"];
        return await survivor.Services.GetRequiredService<Database>().RunAsync(
            async (connection, token) => (await connection.QueryAsync<Row>(new($"select id as Id, chat_session_id as SessionId from `{name}`.documents", cancellationToken: token)))
                .ToLookup(row => row.SessionId, row => row.Id),
            CancellationToken.None);
    }

    private async Task<ToolOutcome> RepeatAsync(ChatHost survivor, Call call)
    {
        await using var scope = survivor.Services.CreateAsyncScope();
        var session = new ChatSessionKey(_user.PracticeId, _user.UserId, call.SessionId);
        var user = new CurrentUser(_user.UserId, UserRole.Practitioner, _user.PracticeId, _user.ProfileId, null, null);
        var states = survivor.Services.GetRequiredService<IUiStateStore>();
        var token = survivor.Tokens.Issue(_user);
        var run = new ToolScope(call.RunId, "web_assistant", user, session, _ => ValueTask.FromResult(token), "repeat");
        var result = await scope.ServiceProvider.GetRequiredService<ToolExecutor>().ExecuteAsync(
            scope.ServiceProvider.GetRequiredService<ToolCatalog>().Find(Tool)!,
            new(call.CallKey, call.CallKey, Tool, new Dictionary<string, JsonElement>(), false),
            new(run, call.CallKey, await states.ReadAsync(session, CancellationToken.None), states),
            CancellationToken.None);
        Assert.True(result.Outcome.Succeeded, result.Outcome.Message);
        return result.Outcome;
    }

    private sealed record Row
    {
        public Guid Id { get; init; }

        public string SessionId { get; init; } = "";
    }

    private sealed record Call
    {
        public Guid RunId { get; init; }

        public string CallKey { get; init; } = "";

        public string SessionId { get; init; } = "";

        public string Status { get; init; } = "";

        public string? Outcome { get; init; }

        public Guid? DocumentId => Outcome is null
            ? null
            : JsonElement.Parse(Outcome).GetProperty("documents")[0].GetProperty("documentId").GetGuid();
    }
}
