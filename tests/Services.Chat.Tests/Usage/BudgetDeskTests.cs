using AiPlatform.Services.Chat.Usage;
using AiPlatform.Services.Chat.Usage.Budgets;
using AiPlatform.Services.Chat.Usage.Records;
using AiPlatform.Services.Chat.Usage.Settling;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Services.Chat.Tests.Usage;

public sealed class BudgetDeskTests : IAsyncLifetime
{
    private readonly Guid _practice = Guid.CreateVersion7();
    private readonly Guid _nora = Guid.CreateVersion7();
    private readonly Guid _daniel = Guid.CreateVersion7();
    private UsageRig? _rig;

    private UsageRig Rig => _rig!;

    private DateTimeOffset Now => Rig.Clock.GetUtcNow();

    public async Task InitializeAsync() => _rig = await UsageRig.StartAsync();

    public Task DisposeAsync() => Rig.DisposeAsync().AsTask();

    [Fact]
    public async Task Seed_ManyBudgetsOfAPracticeAtOnce_ReadsItsCallsOnceForEachPeriod()
    {
        var key = Guid.CreateVersion7();
        await AddAsync(Call(_practice, _nora, Now, 1), Call(_practice, _nora, Now, 2) with { KeyId = key }, Call(_practice, _daniel, Now, 4));
        var before = await Rig.RowsReadAsync();

        var seeds = await SeedsAsync(
            OfMonth(BudgetScope.Practice, _practice), OfMonth(BudgetScope.User, _nora), OfMonth(BudgetScope.User, _daniel), OfMonth(BudgetScope.Key, key),
            OfDay(BudgetScope.Practice, _practice), OfDay(BudgetScope.User, _nora));

        Assert.Equal([7, 3, 4, 2, 7, 3], seeds);
        Assert.Equal(2 * 3, await Rig.RowsReadAsync() - before);
    }

    [Fact]
    public async Task Seed_OfUsers_CountsTheirOwnCallsOfThePeriodInThePractice()
    {
        await AddAsync(
            Call(_practice, _nora, Now, 1), Call(_practice, _nora, Now.AddDays(-1), 2), Call(_practice, _nora, Now.AddMonths(-1), 4),
            Call(_practice, _daniel, Now, 8), Call(Guid.CreateVersion7(), _nora, Now, 16));

        var seeds = await SeedsAsync(OfDay(BudgetScope.User, _nora), OfMonth(BudgetScope.User, _nora), OfMonth(BudgetScope.User, Guid.CreateVersion7()));

        Assert.Equal([1, 3, 0], seeds);
    }

    private Task AddAsync(params SettledCall[] calls) => Rig.Host.Services.GetRequiredService<IUsageStore>().AddAsync(calls, CancellationToken.None);

    // All are asked for before the desk opens, as they are when Redis has lost its counts.
    private async Task<IReadOnlyList<decimal>> SeedsAsync(params BudgetWindow[] windows)
    {
        using var desk = new BudgetDesk(Rig.Host.Services.GetRequiredService<IBudgetStore>(), new UsageQueue(), Rig.Clock, NullLogger<BudgetDesk>.Instance);

        foreach (var window in windows)
        {
            window.Hear(0, new(0, 0, IsSeeded: false), Rig.Clock.GetTimestamp(), TimeSpan.FromSeconds(10));
            desk.Seed(window);
        }

        await desk.StartAsync(CancellationToken.None);
        await Eventually.BecomesTrueAsync(() => windows.All(window => window.Seed is not null), "all are summed");
        await desk.StopAsync(CancellationToken.None);
        return [.. windows.Select(window => Nano.ToUsd(window.Seed!.Value))];
    }

    private BudgetWindow OfDay(string scope, Guid subject) => Window(scope, subject, BudgetPeriod.Day);

    private BudgetWindow OfMonth(string scope, Guid subject) => Window(scope, subject, BudgetPeriod.Month);

    private BudgetWindow Window(string scope, Guid subject, string period) =>
        new(new(new(_practice, scope, subject), period, 100, [100]), BudgetPeriod.StartOf(period, Now), Rig.Clock);

    private static SettledCall Call(Guid practice, Guid user, DateTimeOffset startedAt, decimal cost) => new(
        $"{Guid.CreateVersion7():N}", practice, user, null, null, null, "gpt-4o", "openai", "east", "chat", false, "complete", null, 10, 2, 5, 1, false, cost, startedAt, 12, 3, 1);
}
