using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Services.Chat.Tools;
using AiPlatform.Tests.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Tools;

public sealed class MySqlToolLedgerTests
{
    private const string Tool = "generate_document_auto";
    private static readonly string Hash = new('a', 64);

    private static readonly LedgerOutcome Outcome = new(
        "Written 🙂.", null, [new("d1", "Progress note – Zoë", 2)], [new("show", null, JsonSerializer.SerializeToElement(new { documentId = "d1" }))]);

    [Fact]
    public async Task Begin_ByManyAtOnce_IsBegunByOneAndInDoubtForTheOthersUntilItIsSettled()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var (ledger, key, _) = await PrepareAsync(host);

        var entries = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => ledger.BeginAsync(key, Tool, Hash, CancellationToken.None)));
        await ledger.SettleAsync(key, Outcome, CancellationToken.None);
        await ledger.SettleAsync(key, Outcome with { Message = "Failed.", Error = new("timeout", "No.", false) }, CancellationToken.None);
        var settled = await ledger.BeginAsync(key, Tool, Hash, CancellationToken.None);

        Assert.Equal((1, 15), (entries.Count(entry => entry.State == LedgerState.Begun), entries.Count(entry => entry.State == LedgerState.InDoubt)));
        Assert.Equal(LedgerState.Settled, settled.State);
        Assert.Equal(JsonSerializer.Serialize(Outcome), JsonSerializer.Serialize(settled.Outcome));
    }

    [Fact]
    public async Task Begin_WithAnotherToolOrOtherArguments_IsAnotherCallWhateverBecameOfTheFirst()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var (ledger, key, _) = await PrepareAsync(host);
        await ledger.BeginAsync(key, Tool, Hash, CancellationToken.None);

        for (var settled = 0; settled < 2; settled++)
        {
            Assert.Equal(LedgerState.OtherCall, (await ledger.BeginAsync(key, "refine_document", Hash, CancellationToken.None)).State);
            Assert.Equal(LedgerState.OtherCall, (await ledger.BeginAsync(key, Tool, new('b', 64), CancellationToken.None)).State);
            await ledger.SettleAsync(key, Outcome, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Begin_SameRunAndCallOfAnotherPractice_KnowsNothing()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var (ledger, key, _) = await PrepareAsync(host);
        await ledger.BeginAsync(key, Tool, Hash, CancellationToken.None);
        var stranger = key with { PracticeId = Guid.CreateVersion7() };

        await ledger.SettleAsync(stranger, Outcome, CancellationToken.None);

        Assert.Equal(LedgerState.Begun, (await ledger.BeginAsync(stranger, Tool, Hash, CancellationToken.None)).State);
        Assert.Equal(LedgerState.InDoubt, (await ledger.BeginAsync(key, Tool, Hash, CancellationToken.None)).State);
        Assert.Equal(LedgerState.Begun, (await ledger.BeginAsync(key with { CallKey = "CALL_A" }, Tool, Hash, CancellationToken.None)).State);
    }

    [Fact]
    public async Task Row_GoesWithItsThread()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var (ledger, key, threadId) = await PrepareAsync(host);
        await ledger.BeginAsync(key, Tool, Hash, CancellationToken.None);

        var left = await host.Services.GetRequiredService<Database>().RunAsync(
            async (connection, token) =>
            {
                await connection.ExecuteAsync(new("delete from threads where id = @threadId", new { threadId }, cancellationToken: token));
                return await connection.ExecuteScalarAsync<int>(new("select count(*) from tool_calls", cancellationToken: token));
            },
            CancellationToken.None);

        Assert.Equal(0, left);
    }

    private static async Task<(IToolLedger Ledger, LedgerKey Key, string ThreadId)> PrepareAsync(ChatHost host)
    {
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");
        var run = await socket.AskAsync("hello");
        return (host.Services.GetRequiredService<IToolLedger>(), new(user.PracticeId, Guid.Parse(run[0].RunId!), "call_a"), run[0].TextOf("thread_id")!);
    }
}
