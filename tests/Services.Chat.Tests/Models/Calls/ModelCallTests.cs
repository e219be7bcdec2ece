using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Services.Chat.Tests.Models.Calls;

public sealed class ModelCallTests
{
    private static readonly ModelCallStart Start = new(
        "r1", new(Guid.CreateVersion7(), Guid.CreateVersion7(), UserRole.Practitioner), SettingsCatalogue.Build(new()).Default, ModelCallKind.Chat, false, 10, null);

    [Fact]
    public async Task Dispose_Twice_SettlesOnceWithTheFirstEnd()
    {
        var observer = new Observer();
        var call = await Calls(observer).BeginAsync(Start, default);
        call.End(ModelCallOutcome.Complete);
        call.Fail(new IOException(), hasReplied: true, default);

        call.Dispose();
        call.Dispose();

        Assert.Equal([(ModelCallOutcome.Complete, null)], observer.Settled);
    }

    [Fact]
    public async Task Dispose_NobodySaidHowItEnded_SettlesAsFailed()
    {
        var observer = new Observer();

        (await Calls(observer).BeginAsync(Start, default)).Dispose();

        Assert.Equal([(ModelCallOutcome.Failed, null)], observer.Settled);
    }

    [Theory]
    [InlineData(false, false, "Failed", "provider.timeout")]
    [InlineData(true, false, "Partial", "provider.timeout")]
    [InlineData(true, true, "Aborted", "caller.gone")]
    public async Task Fail_ByWhatHappenedBefore_HasItsOutcome(bool hasReplied, bool callerGone, string outcome, string code)
    {
        var observer = new Observer();

        using (var call = await Calls(observer).BeginAsync(Start, default))
        {
            call.Fail(new DomainException(DomainErrorKind.Timeout, "provider.timeout", "Late."), hasReplied, new CancellationToken(callerGone));
        }

        Assert.Equal([(Enum.Parse<ModelCallOutcome>(outcome), code)], observer.Settled);
    }

    [Theory]
    [InlineData("Complete", 0.0125)]
    [InlineData("Partial", 0.0125)]
    [InlineData("Aborted", 0.0125)]
    [InlineData("Cached", 0)]
    [InlineData("Refused", 0)]
    public async Task Cost_ByHowItEnded_IsOfWhatAnEndpointDid(string outcome, double cost)
    {
        var start = Start with { Group = Start.Group with { Prices = new(0.0025m, 0.01m, ModelPrices.Thousand) } };

        using var call = await Calls().BeginAsync(start, default);
        call.Usage = new(1000, 1000);
        call.End(Enum.Parse<ModelCallOutcome>(outcome));

        Assert.Equal((decimal)cost, call.Cost);
    }

    [Fact]
    public async Task Begin_OneRefuses_SettlesWithThoseWhoWereAsked()
    {
        var (first, refusing, never) = (new Observer(), new Observer { Refuses = true }, new Observer());

        var refusal = await Assert.ThrowsAsync<DomainException>(() => Calls(first, refusing, never).BeginAsync(Start, default).AsTask());

        Assert.Equal("budget.spent", refusal.Code);
        Assert.Equal([(ModelCallOutcome.Refused, "budget.spent")], first.Settled);
        Assert.Equal([(ModelCallOutcome.Refused, "budget.spent")], refusing.Settled);
        Assert.Empty(never.Settled);
    }

    [Fact]
    public async Task Settle_OneFails_TheOthersHearOfItStill()
    {
        var last = new Observer();

        (await Calls(new Observer { Breaks = true }, last).BeginAsync(Start, default)).Dispose();

        Assert.Single(last.Settled);
    }

    private static ModelCalls Calls(params IModelCallObserver[] observers) => new(observers, TimeProvider.System, NullLogger<ModelCalls>.Instance);

    private sealed class Observer : IModelCallObserver
    {
        public List<(ModelCallOutcome Outcome, string? Code)> Settled { get; } = [];

        public bool Refuses { get; init; }

        public bool Breaks { get; init; }

        public ValueTask AdmitAsync(ModelCall call, CancellationToken cancellationToken) =>
            Refuses ? throw new DomainException(DomainErrorKind.RateLimited, "budget.spent", "The budget is spent.") : ValueTask.CompletedTask;

        void IModelCallObserver.Settled(ModelCall call)
        {
            if (Breaks)
            {
                throw new InvalidOperationException("The queue is closed.");
            }

            Settled.Add((call.Outcome, call.ErrorCode));
        }
    }
}
