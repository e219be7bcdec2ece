using AiPlatform.Services.Chat.Models.Routing;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Models.Routing;

public sealed class EndpointCircuitTests
{
    private static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(60);

    private readonly TestTimeProvider _time = new();
    private readonly EndpointCircuit _circuit;

    public EndpointCircuitTests() => _circuit = new(_time);

    [Fact]
    public void Enter_WhileCooling_IsRefusedAndSaysForHowLong()
    {
        _circuit.Open(Cooldown, isRateLimited: false);
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.False(_circuit.TryEnter(out _));
        Assert.Equal(TimeSpan.FromSeconds(40), _circuit.Remaining);
    }

    [Fact]
    public void Enter_AfterTheCooldown_IsForOneCallUntilItAnswers()
    {
        _circuit.Open(Cooldown, isRateLimited: false);
        _time.Advance(Cooldown);

        var first = _circuit.TryEnter(out var probe);
        var second = _circuit.TryEnter(out _);
        var (awaited, isOut) = (_circuit.Probe, probe is { IsCompleted: false });
        _circuit.Close();
        var third = _circuit.TryEnter(out var afterwards);

        Assert.Equal((true, true, false, true), (first, isOut, second, third));
        Assert.Same(probe, awaited);
        Assert.True(probe!.IsCompletedSuccessfully);
        Assert.Null(afterwards);
    }

    [Fact]
    public void Enter_ProbeFailed_CoolsAgain()
    {
        _circuit.Open(Cooldown, isRateLimited: false);
        _time.Advance(Cooldown);
        _circuit.TryEnter(out _);

        _circuit.Open(Cooldown, isRateLimited: false);

        Assert.Equal((false, Cooldown), (_circuit.TryEnter(out _), _circuit.Remaining));
    }

    [Fact]
    public void Enter_ProbeWasBrokenOff_LetsTheNextOneProbe()
    {
        _circuit.Open(Cooldown, isRateLimited: false);
        _time.Advance(Cooldown);
        _circuit.TryEnter(out var probe);

        _circuit.Release(probe!);

        Assert.Equal((true, true), (_circuit.TryEnter(out var next), next is not null));
    }

    [Fact]
    public void Enter_ProbeFromBeforeTheLastFailureWasBrokenOff_IsRefusedWhileTheNewOneIsOut()
    {
        _circuit.Open(Cooldown, isRateLimited: false);
        _time.Advance(Cooldown);
        _circuit.TryEnter(out var old);
        _circuit.Open(Cooldown, isRateLimited: false);
        _time.Advance(Cooldown);
        _circuit.TryEnter(out var probe);

        _circuit.Release(old!);

        Assert.Equal((false, probe), (_circuit.TryEnter(out _), _circuit.Probe));
    }

    [Fact]
    public void Enter_AnotherCallFailedAndLeavesNothingAlone_IsRefusedWhileTheProbeIsOut()
    {
        _circuit.Open(Cooldown, isRateLimited: false);
        _time.Advance(Cooldown);
        _circuit.TryEnter(out var probe);

        _circuit.Open(TimeSpan.Zero, isRateLimited: false);

        Assert.Equal((false, probe), (_circuit.TryEnter(out _), _circuit.Probe));
    }

    [Fact]
    public void Close_AnswerFromBeforeTheFailure_DoesNotEndTheCooldown()
    {
        _circuit.Open(Cooldown, isRateLimited: false);

        _circuit.Close();

        Assert.Equal(Cooldown, _circuit.Remaining);
    }

    [Fact]
    public void Open_ShorterThanWhatRuns_ChangesNothing()
    {
        _circuit.Open(Cooldown, isRateLimited: false);

        _circuit.Open(TimeSpan.FromSeconds(5), isRateLimited: true);

        Assert.Equal((Cooldown, false), (_circuit.Remaining, _circuit.IsRateLimited));
    }
}
