using System.Collections.Concurrent;

namespace AiPlatform.Services.Chat.Models.Routing;

/// <summary>The states of all endpoints by their id, and how many replicas share their limits.</summary>
internal sealed class EndpointStates(TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<string, EndpointState> _states = new(StringComparer.Ordinal);
    private volatile int _replicas = 1;
    private volatile int _lastReplicas = 1;

    /// <summary>An endpoint was left alone because of what happened here; the other replicas are to hear of it.</summary>
    public event Action<Cooldown>? Cooled;

    public int Replicas
    {
        get => _replicas;
        set => _replicas = _lastReplicas = Math.Max(1, value);
    }

    /// <summary>How many there were when Redis last said so.</summary>
    public int LastReplicas => _lastReplicas;

    public IReadOnlyCollection<string> Ids => [.. _states.Keys];

    public EndpointState Of(string id) => _states.GetOrAdd(id, static (id, time) => new(id, time), timeProvider);

    /// <summary>Nobody says how many there are.</summary>
    public void LoseSight() => _replicas = 1;

    public void Cool(EndpointState state, TimeSpan duration, bool isRateLimited)
    {
        state.Circuit.Open(duration, isRateLimited);

        if (duration > TimeSpan.Zero)
        {
            Cooled?.Invoke(new(state.Id, duration, isRateLimited));
        }
    }

    /// <summary>Takes over what another replica found out. It is not told on.</summary>
    public void Hear(Cooldown cooldown)
    {
        if (_states.TryGetValue(cooldown.EndpointId, out var state))
        {
            state.Circuit.Open(cooldown.Duration, cooldown.IsRateLimited);
        }
    }
}

/// <summary>An endpoint is left alone for a while.</summary>
internal sealed record Cooldown(string EndpointId, TimeSpan Duration, bool IsRateLimited);
