using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Forwarding;

namespace AiPlatform.Services.Chat.Models.Routing;

/// <summary>The way of one call over the endpoints of its group: each is asked once at most, and three more after the first.</summary>
internal sealed class CallRoute(ModelCall call, GroupRoute group, EndpointStates states, TimeProvider timeProvider, Func<ModelEndpoint, bool>? may)
{
    private const int MaxRetries = 3;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    private readonly bool[] _tried = new bool[group.Endpoints.Count];
    private Exception? _lastFailure;

    /// <summary>Takes a place at the next endpoint; waits for one, within its limit, when those that are left are full.</summary>
    /// <exception cref="DomainException">There is none: the failure of the last one asked, otherwise model.unavailable or model.busy with its Retry-After; or nobody pays for the call.</exception>
    public async ValueTask<Attempt> NextAsync(CancellationToken cancellationToken)
    {
        if (call.Attempts == 0)
        {
            await call.ReserveAsync(cancellationToken);
        }

        while (true)
        {
            if (Candidates(out var probing) is not { Count: > 0 } candidates)
            {
                if (probing is null || _lastFailure is not null)
                {
                    throw _lastFailure ?? Unavailable();
                }

                // One call is just finding out whether the endpoint is back.
                _tried[probing.Index] = !await EndsAsync(probing, cancellationToken);
                continue;
            }

            if (await TryTakeAsync(Pick(candidates), cancellationToken) is { } attempt)
            {
                return attempt;
            }
        }
    }

    /// <summary>Notes what the failure says about the endpoint.</summary>
    /// <returns>Whether the next one may be asked.</returns>
    public bool MayGoOn(Attempt attempt, Exception failure)
    {
        _lastFailure = failure;
        var said = failure is RefusedException refused ? refused.Refusal.ToFailure() : (DomainException)failure;
        return attempt.Failed(said) && call.Attempts <= MaxRetries;
    }

    private RoutedEndpoint Pick(List<RoutedEndpoint> candidates)
    {
        if (candidates.Count == 1)
        {
            return candidates[0];
        }

        var free = candidates.FindAll(static candidate => !candidate.IsFull);
        return group.Pick(free.Count > 0 ? free : candidates);
    }

    private async ValueTask<Attempt?> TryTakeAsync(RoutedEndpoint picked, CancellationToken cancellationToken)
    {
        var limits = picked.Endpoint.Limits;

        if (!picked.State.Slots.TryTake(limits.Concurrency)
            && !await picked.State.Slots.TakeAsync(limits.Concurrency!.Value, limits.Wait, cancellationToken))
        {
            _tried[picked.Index] = true;
            return null;
        }

        // It may have failed while this call waited for its place.
        if (!picked.State.Circuit.TryEnter(out var probe))
        {
            picked.State.Slots.Release();
            return null;
        }

        if (limits.RequestsPerMinute is { } perMinute)
        {
            picked.State.Requests.Take(1, (double)perMinute / states.Replicas);
        }

        _tried[picked.Index] = true;
        call.Attempts++;
        call.Endpoint = picked.Endpoint;
        return new(call, picked.Endpoint, states, picked.State, probe, timeProvider);
    }

    private async Task<bool> EndsAsync(RoutedEndpoint probing, CancellationToken cancellationToken)
    {
        if (probing.State.Circuit.Probe is not { } probe)
        {
            return true;
        }

        await probe.WaitAsync(probing.Endpoint.Limits.Wait, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return probe.IsCompleted;
    }

    // Fallbacks only when no other is left.
    private List<RoutedEndpoint> Candidates(out RoutedEndpoint? probing)
    {
        var (first, fallbacks) = (new List<RoutedEndpoint>(group.Endpoints.Count), (List<RoutedEndpoint>?)null);
        probing = null;

        foreach (var endpoint in Eligible())
        {
            if (_tried[endpoint.Index] || endpoint.State.Circuit.Remaining > TimeSpan.Zero || endpoint.State.UntilRateAllows(endpoint.Endpoint.Limits, states.Replicas) > TimeSpan.Zero)
            {
                continue;
            }

            if (endpoint.State.Circuit.Probe is not null)
            {
                probing ??= endpoint;
                continue;
            }

            (endpoint.IsFallback ? fallbacks ??= [] : first).Add(endpoint);
        }

        return first.Count > 0 ? first : fallbacks ?? first;
    }

    private IEnumerable<RoutedEndpoint> Eligible() =>
        may is null && call.Start.Kind != ModelCallKind.Embeddings
            ? group.Endpoints
            : group.Endpoints.Where(endpoint => endpoint.Endpoint.Serves(call.Start.Kind) && may?.Invoke(endpoint.Endpoint) is not false);

    private DomainException Unavailable()
    {
        var resting = Eligible()
            .Select(endpoint => (endpoint.State.Circuit, Cooling: endpoint.State.Circuit.Remaining, Rate: endpoint.State.UntilRateAllows(endpoint.Endpoint.Limits, states.Replicas)))
            .ToList();

        if (resting.Count == 0)
        {
            return new(DomainErrorKind.Invalid, "model.unsupported", $"Model '{call.Start.Group.Name}' does not serve this kind of request.") { Errors = [new("model", "The model does not serve this kind of request.")] };
        }

        var waits = resting.Select(one => one.Cooling > one.Rate ? one.Cooling : one.Rate).Min();
        var retryAfter = waits > ShortestWait ? waits : ShortestWait;
        var name = call.Start.Group.Name;

        return resting.All(one => one.Rate > TimeSpan.Zero || (one.Cooling > TimeSpan.Zero && one.Circuit.IsRateLimited))
            ? new(DomainErrorKind.RateLimited, "provider.rate_limited", $"Every endpoint of model '{name}' is over its limit now.") { RetryAfter = retryAfter }
            : resting.All(one => one.Cooling > TimeSpan.Zero)
                ? new(DomainErrorKind.Unavailable, "model.unavailable", $"No endpoint of model '{name}' works at the moment.") { RetryAfter = retryAfter }
                : new(DomainErrorKind.Unavailable, "model.busy", $"Every endpoint of model '{name}' has as much to do as it may have.") { RetryAfter = retryAfter };
    }
}
