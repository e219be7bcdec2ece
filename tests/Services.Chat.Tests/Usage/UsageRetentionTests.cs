using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Services.Chat.Usage;
using AiPlatform.Services.Chat.Usage.Records;
using AiPlatform.Services.Chat.Usage.Retention;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Tests.Usage;

public sealed class UsageRetentionTests : IAsyncLifetime
{
    private const int Days = 100;

    private static readonly DateTimeOffset FirstKept = new(2026, 8, 12, 0, 0, 0, TimeSpan.Zero);

    private readonly TestTimeProvider _time = new(FirstKept.AddDays(Days).AddHours(12));
    private readonly TestToken _owner = new() { Role = UserRole.Owner };
    private ChatHost? _host;

    private ChatHost Host => _host!;

    private IUsageStore Store => Host.Services.GetRequiredService<IUsageStore>();

    private UsageRetention Retention => new(Store, Options.Create(new UsageOptions { RetentionDays = Days }), _time, NullLogger<UsageRetention>.Instance);

    public async Task InitializeAsync() => _host = await ChatHost.StartAsync(
        Scripts.Echo, new() { ["Usage:RetentionDays"] = $"{Days}" }, time: new ShiftedTime { Shift = _time.GetUtcNow() - TimeProvider.System.GetUtcNow() });

    public Task DisposeAsync() => Host.DisposeAsync().AsTask();

    [Fact]
    public async Task Remove_RowsPastTheirDays_GoAndAllOthersStay()
    {
        await Store.AddAsync(
            [
                .. Enumerable.Range(0, UsageRetention.BatchLength).Select(number => Call($"old{number}", _owner.PracticeId, FirstKept.AddDays(-1).AddSeconds(number))),
                Call("last-moment", _owner.PracticeId, FirstKept.AddTicks(-TimeSpan.TicksPerMicrosecond)),
                Call("first-moment", _owner.PracticeId, FirstKept),
                Call("others-old", Guid.CreateVersion7(), FirstKept.AddDays(-200)),
                Call("others", Guid.CreateVersion7(), FirstKept.AddDays(1)),
            ],
            CancellationToken.None);

        await Retention.RemoveAsync(CancellationToken.None);

        Assert.Equal(["first-moment", "others"], (await UsageRig.ReadAsync(Host)).Select(row => row.RequestId));
    }

    [Fact]
    public async Task Worker_EveryHour_RemovesThem()
    {
        using var worker = new UsageRetentionWorker(Retention, _time, NullLogger<UsageRetentionWorker>.Instance);
        await worker.StartAsync(CancellationToken.None);
        await Store.AddAsync([Call("old", _owner.PracticeId, FirstKept.AddDays(-1))], CancellationToken.None);

        await Eventually.BecomesTrueAsync(
            async () =>
            {
                _time.Advance(UsageRetentionWorker.Period);
                return await UsageRig.ReadAsync(Host) is [];
            },
            "it is removed");
        await worker.StopAsync(CancellationToken.None);

        Assert.Single(Host.Services.GetServices<IHostedService>().OfType<UsageRetentionWorker>());
    }

    [Fact]
    public async Task Report_OfDaysThatAreNotKept_SaysFromWhenItIsWhole()
    {
        using var client = Host.CreateClient(_owner);

        var report = await client.GetFromJsonAsync<JsonElement>("/api/v1/usage?from=2026-01-01&to=2026-06-01");

        Assert.Equal("2026-08-12", report.GetProperty("keptFrom").GetString());
    }

    private static SettledCall Call(string requestId, Guid practice, DateTimeOffset startedAt) => new(
        requestId, practice, Guid.CreateVersion7(), null, null, null, "gpt-4o", "openai", "east", "chat", false, "complete", null, 10, 2, 5, 1, false, 0.5m, startedAt, 12, 3, 1);
}
