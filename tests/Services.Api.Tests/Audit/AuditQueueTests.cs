using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Tests.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Tests.Audit;

/// <summary>Reads on their way to the chain, while somebody else holds its end.</summary>
public sealed class AuditQueueTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string Path = "/api/v1/clients/";

    [Fact]
    public async Task Shutdown_WithReadsStillQueued_WritesThemAll()
    {
        var replica = factory.CreateReplica();
        var nora = await replica.CreateClientAsync(SamplePerson.Nora);
        nora.DefaultRequestHeaders.Add("X-Correlation-Id", "shutdown");
        var hold = await HoldAsync();

        // Answered although nothing can be written now.
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => nora.GetJsonAsync(Path + ApiFactory.TomOkafor)));
        Assert.Equal(0, await CountAsync("shutdown"));
        var stopping = Task.Run(async () => await replica.DisposeAsync());
        await Eventually.BecomesTrueAsync(() => Task.FromResult(IsStopping(replica)), "the service is ending");
        await hold.DisposeAsync();
        await stopping;

        Assert.Equal(40, await CountAsync("shutdown"));
        await AssertIntactAsync();
    }

    [Fact]
    public async Task Read_QueueFull_IsAnsweredOnceItIsRecorded()
    {
        await using var replica = new SmallQueueFactory(factory.ConnectionString);
        var nora = await replica.CreateClientAsync(SamplePerson.Nora);
        nora.DefaultRequestHeaders.Add("X-Correlation-Id", "full");
        var hold = await HoldAsync();

        // One may be with the worker and one in the queue; the others have to write for themselves.
        var reads = Enumerable.Range(0, 5).Select(_ => nora.GetJsonAsync(Path + ApiFactory.TomOkafor)).ToList();
        await Task.WhenAny(reads);
        await Eventually.BecomesTrueAsync(async () => await CountWaitingAsync() >= 4, "the worker and the others wait for the chain");
        Assert.InRange(reads.Count(read => read.IsCompleted), 1, 2);
        await hold.DisposeAsync();
        await Task.WhenAll(reads);

        await Eventually.BecomesTrueAsync(async () => await CountAsync("full") == 5, "all are recorded");
        await AssertIntactAsync();
    }

    [Fact]
    public async Task Stop_BeforeTheWorkerHasBegun_WritesWhatIsQueued()
    {
        var store = factory.Services.GetRequiredService<IAuditStore>();
        for (var round = 0; round < 50; round++)
        {
            var queue = new AuditQueue(store, Options.Create(new AuditOptions()));
            using var worker = new AuditWorker(queue, store, TimeProvider.System, NullLogger<AuditWorker>.Instance);
            await queue.RecordAsync(ApiFactory.PracticeA, Read("begun"), CancellationToken.None);
            await worker.StartAsync(CancellationToken.None);
            await worker.StopAsync(CancellationToken.None);
        }

        Assert.Equal(50, await CountAsync("begun"));
    }

    private static AuditEntry Read(string correlationId) => AuditEntry.By(
        Guid.NewGuid(), UserRole.Owner, AuditActions.ClientRead, AuditRecords.Client, Guid.NewGuid(), DateTimeOffset.UtcNow, AuditOutcomes.Success, correlationId);

    private static bool IsStopping(ApiFactory replica)
    {
        try
        {
            return replica.Services.GetRequiredService<Microsoft.Extensions.Hosting.IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    private Task<int> CountAsync(string correlationId) =>
        factory.ReadAsync<int>("select count(*) from audit_events where correlation_id = @correlationId", new { correlationId });

    private Task<int> CountWaitingAsync() =>
        factory.ReadAsync<int>(
            "select count(*) from information_schema.processlist where db = database() and info like '%audit_heads%' and id <> connection_id()");

    private async Task AssertIntactAsync()
    {
        using var owner = await factory.CreateCallerAsync(UserRole.Owner, ApiFactory.PracticeA);
        Assert.True((await owner.GetJsonAsync("/api/v1/audit/verify")).GetProperty("intact").GetBoolean());
    }

    // The end of practice A's chain, locked on a connection of the test's own until it is let go.
    private async Task<Hold> HoldAsync()
    {
        var held = new TaskCompletionSource();
        var letGo = new ManualResetEventSlim();
        var holding = factory.Services.GetRequiredService<Database>().RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    "select hash from audit_heads where practice_id = @practiceId for update",
                    new { practiceId = ApiFactory.PracticeA },
                    transaction,
                    cancellationToken: token));
                held.SetResult();
                letGo.Wait(token);
            },
            CancellationToken.None);
        await held.Task;
        return new(letGo, holding);
    }

    private sealed class Hold(ManualResetEventSlim letGo, Task holding) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            letGo.Set();
            await holding;
            letGo.Dispose();
        }
    }

    private sealed class SmallQueueFactory(string connectionString) : ApiFactory(connectionString)
    {
        protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["Audit:QueueLength"] = "1" };
    }
}
