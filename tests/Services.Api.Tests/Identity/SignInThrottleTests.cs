using AiPlatform.Services.Api.Identity;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Tests.Identity;

public sealed class SignInThrottleTests
{
    private readonly StillTime _clock = new();
    private readonly SignInThrottle _throttle;

    public SignInThrottleTests() =>
        _throttle = new(Options.Create(new IdentityOptions { SignInAttempts = 2, SignInWindowMinutes = 15 }), _clock);

    [Fact]
    public void Begin_AfterTheLimit_WaitsForTheWindowsEnd()
    {
        Fail("a");
        Fail("a");

        Assert.Null(_throttle.TryBegin("a"));
        Assert.NotNull(_throttle.TryBegin("b"));

        _clock.Now += TimeSpan.FromMinutes(15);
        Assert.NotNull(_throttle.TryBegin("a"));
    }

    [Fact]
    public void Begin_AfterASuccess_CountsAnew()
    {
        Fail("a");
        using (var attempt = _throttle.TryBegin("a"))
        {
            attempt!.Succeed();
        }

        Fail("a");

        Assert.NotNull(_throttle.TryBegin("a"));
    }

    [Fact]
    public void Begin_BurstInParallel_Bounded()
    {
        var attempts = Enumerable.Range(0, 200).Select(_ => _throttle.TryBegin("a")).ToList();

        Assert.Equal(SignInThrottle.MaxAtOnce, attempts.Count(attempt => attempt is not null));
    }

    [Fact]
    public void Begin_MoreAddressesThanKept_ForgetsTheOldest()
    {
        Fail("a");
        Fail("a");
        for (var address = 0; address < SignInThrottle.MaxAddresses; address++)
        {
            Fail($"{address}");
        }

        Assert.NotNull(_throttle.TryBegin("a"));
    }

    private void Fail(string address)
    {
        using var attempt = _throttle.TryBegin(address);
        attempt!.Fail();
    }

    private sealed class StillTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
