using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Models.Routing;

/// <summary>One endpoint asked once. It holds the endpoint's place until it is disposed, the whole reply long.</summary>
internal sealed class Attempt : IDisposable
{
    private readonly EndpointStates _states;
    private readonly EndpointState _state;
    private readonly ModelCall _call;
    private readonly TimeProvider _timeProvider;
    private readonly Task? _probe;
    private readonly long _started;
    private bool _isJudged;
    private bool _isDisposed;

    internal Attempt(ModelCall call, ModelEndpoint endpoint, EndpointStates states, EndpointState state, Task? probe, TimeProvider timeProvider)
    {
        (_call, Endpoint, _states, _state, _probe, _timeProvider) = (call, endpoint, states, state, probe, timeProvider);
        _started = timeProvider.GetTimestamp();
        state.Stats.Asked();
    }

    public ModelEndpoint Endpoint { get; }

    /// <summary>The reply has begun, or what came is the caller's own fault: the endpoint works.</summary>
    public void Answered()
    {
        if (!_isJudged)
        {
            _isJudged = true;
            _state.Stats.Answered(_timeProvider.GetElapsedTime(_started));
            _state.Circuit.Close();
        }
    }

    /// <summary>Also after <see cref="Answered"/>, when the reply then broke off.</summary>
    /// <returns>Whether another endpoint may be asked.</returns>
    public bool Failed(DomainException failure)
    {
        var rule = FailureRule.Of(failure);

        if (rule.IsCallers)
        {
            Answered();
            return false;
        }

        _state.Stats.Failed(hadAnswered: _isJudged);
        _isJudged = true;

        if (rule.Cools)
        {
            _states.Cool(_state, _call.Start.Group.Cooldown, isRateLimited: false);
        }
        else if (rule.Rest is { } rest)
        {
            _states.Cool(_state, rest, isRateLimited: true);
        }
        else
        {
            _state.Circuit.Close();
        }

        return rule.Retries;
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _state.Slots.Release();

        if (_probe is not null)
        {
            _state.Circuit.Release(_probe);
        }

        if (Endpoint.Limits.TokensPerMinute is { } perMinute)
        {
            _state.Tokens.Take(_call.Usage.Total, (double)perMinute / _states.Replicas);
        }
    }
}
