using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Models.Routing;

/// <summary>Picks among the endpoints of one group by its strategy.</summary>
internal sealed class GroupRoute
{
    private readonly Lock _gate = new();
    private readonly RoutingStrategy _strategy;
    private readonly RoutedEndpoint[] _endpoints;
    private int _turn;

    public GroupRoute(ModelGroup group, EndpointStates states)
    {
        _strategy = group.Routing;
        _endpoints = [.. group.Endpoints.Select((endpoint, index) => new RoutedEndpoint(index, endpoint, states.Of(endpoint.Id)))];
    }

    public IReadOnlyList<RoutedEndpoint> Endpoints => _endpoints;

    /// <param name="candidates">At least one.</param>
    public RoutedEndpoint Pick(List<RoutedEndpoint> candidates) => candidates.Count == 1 ? candidates[0] : _strategy switch
    {
        RoutingStrategy.LeastBusy => Least(candidates, static endpoint => endpoint.Load),
        RoutingStrategy.Latency => Least(candidates, static endpoint => endpoint.State.Stats.RecentLatency() * (1 + endpoint.State.Slots.Taken) / Math.Max(1, endpoint.Endpoint.Weight)),
        _ => InTurn(candidates),
    };

    // Smooth weighted turns: with weights 5, 1, 1 it is a a b a c a a, not a a a a a b c.
    private RoutedEndpoint InTurn(List<RoutedEndpoint> candidates)
    {
        lock (_gate)
        {
            var total = 0;
            var best = candidates[0];

            foreach (var candidate in candidates)
            {
                // Among fallbacks only, all have the same turn.
                var weight = Math.Max(1, candidate.Endpoint.Weight);
                candidate.Turn += weight;
                total += weight;
                best = candidate.Turn > best.Turn ? candidate : best;
            }

            best.Turn -= total;
            return best;
        }
    }

    private RoutedEndpoint Least(List<RoutedEndpoint> candidates, Func<RoutedEndpoint, double> score)
    {
        // Equals take turns.
        var first = (int)((uint)Interlocked.Increment(ref _turn) % (uint)candidates.Count);
        var (best, lowest) = (candidates[first], score(candidates[first]));

        for (var step = 1; step < candidates.Count; step++)
        {
            var candidate = candidates[(first + step) % candidates.Count];

            if (score(candidate) is var value && value < lowest)
            {
                (best, lowest) = (candidate, value);
            }
        }

        return best;
    }
}

/// <summary>An endpoint's place in its group.</summary>
internal sealed class RoutedEndpoint(int index, ModelEndpoint endpoint, EndpointState state)
{
    public int Index => index;

    public ModelEndpoint Endpoint => endpoint;

    public EndpointState State => state;

    public bool IsFallback => endpoint.Weight == 0;

    public bool IsFull => state.Slots.Taken >= endpoint.Limits.Concurrency;

    public double Load => (double)state.Slots.Taken / Math.Max(1, endpoint.Weight);

    /// <summary>Guarded by its group's lock.</summary>
    public int Turn { get; set; }
}
