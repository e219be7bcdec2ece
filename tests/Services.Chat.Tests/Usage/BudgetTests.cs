using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Services.Chat.Tests.Keys;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Services.Chat.Tests.Usage;

/// <summary>A call of the rig's gpt-4o costs 0.0075 USD.</summary>
public sealed class BudgetTests
{
    private const decimal Cost = 0.0075m;

    [Fact]
    public async Task Call_PracticeHasSpentItsBudget_IsRefusedUntilTheNextPeriod()
    {
        await using var rig = await UsageRig.StartAsync();
        await rig.SetBudgetAsync("practice", rig.User.PracticeId, "day", 2 * Cost);

        using var first = await rig.CompleteAsync();
        using var second = await rig.CompleteAsync(user: rig.User with { UserId = Guid.CreateVersion7() });
        using var refused = await rig.CompleteAsync(stream: true);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (first.StatusCode, second.StatusCode, refused.StatusCode));
        Assert.Equal(
            """{"error":{"message":"The budget of the practice for this day is spent. The next day begins on 2026-11-16 UTC.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""",
            await refused.Content.ReadAsStringAsync());
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromHours(11), TimeSpan.FromHours(12));
        Assert.Equal(2, rig.Model.Requests.Count);

        // What costs nothing goes on, and so do others.
        using var free = await rig.CompleteAsync("free");
        using var other = await rig.CompleteAsync(user: new TestToken());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (free.StatusCode, other.StatusCode));
    }

    [Fact]
    public async Task Call_UserHasSpentTheirBudget_RefusesThatUserOnly()
    {
        await using var rig = await UsageRig.StartAsync();
        await rig.SetBudgetAsync("user", rig.User.UserId, "month", Cost);

        using var first = await rig.CompleteAsync();
        using var refused = await rig.CompleteAsync();
        using var colleague = await rig.CompleteAsync(user: rig.User with { UserId = Guid.CreateVersion7() });

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (first.StatusCode, refused.StatusCode, colleague.StatusCode));
    }

    [Fact]
    public async Task Call_KeyHasSpentItsBudget_RefusesThatKeyOnly()
    {
        await using var rig = await UsageRig.StartAsync();
        var keys = new KeyHost(rig.Host, rig.Clock);
        var (spent, other) = (await keys.CreateAsync(new { name = "nightly" }, rig.Owner), await keys.CreateAsync(new { name = "weekly" }, rig.Owner));
        await rig.SetBudgetAsync("key", spent.Id, "month", Cost);
        using var program = keys.Program(spent.Secret);
        using var another = keys.Program(other.Secret);

        using var first = await KeyHost.AskAsync(program, "gpt-4o");
        using var refused = await KeyHost.AskAsync(program, "gpt-4o");
        using var served = await KeyHost.AskAsync(another, "gpt-4o");
        using var person = await rig.CompleteAsync();

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (first.StatusCode, refused.StatusCode));
        Assert.StartsWith("The budget of the key for this month is spent.", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (served.StatusCode, person.StatusCode));
        Assert.Equal([spent.Id, other.Id, null], (await rig.RowsAsync(3)).Select(row => row.KeyId));
    }

    [Fact]
    public async Task Call_ThatALaterRuleRefuses_SetsNothingAside()
    {
        await using var rig = await UsageRig.StartAsync(services => services.AddSingleton<IModelCallObserver, RefusesAll>());
        await rig.SetBudgetAsync("practice", rig.User.PracticeId, "month", Cost);

        for (var call = 0; call < 5; call++)
        {
            using var refused = await rig.CompleteAsync();
            Assert.Equal("test.refused", await CodeAsync(refused));
        }
    }

    [Fact]
    public async Task Budget_SetInTheMiddleOfItsPeriod_CountsWhatWasSpentBefore()
    {
        await using var rig = await UsageRig.StartAsync();
        using var before = await rig.CompleteAsync();
        await rig.RowsAsync(1);

        await rig.SetBudgetAsync("practice", rig.User.PracticeId, "month", Cost);

        using var refused = await rig.CompleteAsync();
        Assert.Equal("insufficient_quota", await CodeAsync(refused));
    }

    [Fact]
    public async Task Budget_RedisLostWhatWasSpent_IsFoundInTheRows()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var rig = await UsageRig.StartAsync(("ConnectionStrings:redis", redis.ConnectionString));
        await rig.SetBudgetAsync("practice", rig.User.PracticeId, "month", 2 * Cost);
        using var first = await rig.CompleteAsync();
        using var second = await rig.CompleteAsync();
        await rig.RowsAsync(2);

        await redis.KillAsync();
        redis.Data.Delete();
        await redis.StartAgainAsync();

        // One that has not seen it spent.
        await using var other = rig.Host.StartReplica();
        using var client = other.CreateClient(rig.User);
        using var refused = await client.PostAsJsonAsync("/v1/chat/completions", UsageRig.Request());
        Assert.Equal("insufficient_quota", await CodeAsync(refused));
        Assert.Equal(2, rig.Model.Requests.Count);
    }

    [Fact]
    public async Task Budget_RaisedOrRemoved_LetsCallsInAgain()
    {
        await using var rig = await UsageRig.StartAsync();
        await rig.SetBudgetAsync("practice", rig.User.PracticeId, "month", 0);
        using var refused = await rig.CompleteAsync();

        await rig.SetBudgetAsync("practice", rig.User.PracticeId, "month", 2 * Cost);
        using var raised = await rig.CompleteAsync();
        await rig.SetBudgetAsync("practice", rig.User.PracticeId, "month", 0);
        using var lowered = await rig.CompleteAsync();
        using var owner = rig.Host.CreateClient(rig.Owner);
        owner.DefaultRequestHeaders.IfMatch.Add(EntityTagHeaderValue.Any);
        using var removal = await owner.DeleteAsync($"/api/v1/budgets/practice/{rig.User.PracticeId}/month");
        using var removed = await rig.CompleteAsync();

        Assert.Equal(
            (HttpStatusCode.TooManyRequests, HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.OK),
            (refused.StatusCode, raised.StatusCode, lowered.StatusCode, removed.StatusCode));
    }

    [Fact]
    public async Task Call_TheNextMonth_HasTheBudgetAnew()
    {
        await using var rig = await UsageRig.StartAsync();
        var user = rig.User with { Lifetime = TimeSpan.FromDays(90) };
        await rig.SetBudgetAsync("practice", user.PracticeId, "month", Cost);
        using var first = await rig.CompleteAsync(user: user);
        using var refused = await rig.CompleteAsync(user: user);

        rig.Clock.Shift += TimeSpan.FromDays(31);
        using var next = await rig.CompleteAsync(user: user);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (first.StatusCode, refused.StatusCode, next.StatusCode));
    }

    [Fact]
    public async Task Call_RedisIsAwayLongerThanTheSlice_IsUnavailableForWhoHasABudgetOnly()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var rig = await UsageRig.StartAsync(("ConnectionStrings:redis", redis.ConnectionString), ("Budgets:LeaseSeconds", "1"));
        await rig.SetBudgetAsync("practice", rig.User.PracticeId, "month", 1000 * Cost);
        using var before = await rig.CompleteAsync();

        await redis.KillAsync();

        await Eventually.BecomesTrueAsync(async () => await CompleteCodeAsync(rig) == (HttpStatusCode.ServiceUnavailable, "budget.unavailable"), "the slice is over");
        using var other = await rig.CompleteAsync(user: new TestToken());
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        await redis.StartAgainAsync();
        await Eventually.BecomesTrueAsync(async () => (await CompleteCodeAsync(rig)).Status == HttpStatusCode.OK, "Redis lends again");
    }

    [Fact]
    public async Task Run_PracticeHasSpentItsBudget_FailsAndSaysWhy()
    {
        await using var rig = await UsageRig.StartAsync();
        await rig.SetBudgetAsync("practice", rig.User.PracticeId, "month", 0);
        await using var socket = await rig.Host.ConnectAsync(rig.User, "/ws/s1");

        var run = await socket.AskAsync("hello");

        var error = run.Single(frame => frame.Type == "error").Json;
        Assert.Equal(("rate_limited", false), (error.GetProperty("code").GetString(), error.GetProperty("retryable").GetBoolean()));
        Assert.StartsWith("The budget of the practice for this month is spent.", error.GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Equal("failed", run[^1].Json.GetProperty("payload").GetProperty("status").GetString());
        Assert.Empty(rig.Model.Requests);
    }

    [Fact]
    public async Task Threshold_Reached_IsToldInLogAndMetricOnce()
    {
        // A percentage that no other test has.
        const int Threshold = 37;
        var (log, told) = (new WarningLog(), 0L);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "aiplatform.budget.alerts")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            if (tags.ToArray().Contains(new("aiplatform.budget.threshold", Threshold)))
            {
                Interlocked.Add(ref told, count);
            }
        });
        listener.Start();
        await using var rig = await UsageRig.StartAsync(services => services.AddSingleton<ILoggerProvider>(log));
        await rig.SetBudgetAsync("user", rig.User.UserId, "month", 2 * Cost, Threshold);

        using var first = await rig.CompleteAsync();
        using var second = await rig.CompleteAsync();
        using var refused = await rig.CompleteAsync();

        await Eventually.BecomesTrueAsync(() => Interlocked.Read(ref told) > 0, "the metric tells");
        Assert.Equal(1, told);
        var line = Assert.Single(log.Lines, line => line.Contains($"{rig.User.UserId}", StringComparison.Ordinal) && line.Contains($"reached {Threshold} %", StringComparison.Ordinal));
        Assert.StartsWith($"The budget of user {rig.User.UserId} of practice {rig.User.PracticeId} for the month from ", line, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, string? Code)> CompleteCodeAsync(UsageRig rig)
    {
        using var response = await rig.CompleteAsync();
        return (response.StatusCode, response.IsSuccessStatusCode ? null : await CodeAsync(response));
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString();

    private sealed class WarningLog : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                _lines.Enqueue(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }

    private sealed class RefusesAll : IModelCallObserver
    {
        public ValueTask AdmitAsync(ModelCall call, CancellationToken cancellationToken) => throw new DomainException(DomainErrorKind.Forbidden, "test.refused", "No.");

        public void Settled(ModelCall call)
        {
        }
    }
}
