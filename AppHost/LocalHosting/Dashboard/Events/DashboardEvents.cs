using System.Collections.Immutable;
using System.Text.Json;

namespace Aspire.Hosting.Dashboard.Events;

/// <summary>
/// From the parts that know something new to the pages that listen. A publisher never waits: a page that does not keep up loses
/// the oldest frames and is told so.
/// </summary>
internal sealed class DashboardEvents
{
    public const string Traces = "traces";
    public const string Logs = "logs";
    public const string Metrics = "metrics";
    public const string Resources = "resources";
    public const int MaxSubscriptions = 64;
    private ImmutableList<DashboardSubscription> _subscriptions = [];

    /// <summary>The channel of one resource's console lines.</summary>
    public static string Console(string resource) => $"console:{resource}";

    /// <summary>Whether anybody listens, for publishers that have to work for a frame.</summary>
    public bool IsHeard(string channel) => _subscriptions.Any(s => s.Channels.Contains(channel));

    /// <returns><see langword="null"/> when too many listen already.</returns>
    public DashboardSubscription? Subscribe(IEnumerable<string> channels)
    {
        var subscription = new DashboardSubscription(channels, s => ImmutableInterlocked.Update(ref _subscriptions, list => list.Remove(s)));
        return ImmutableInterlocked.Update(ref _subscriptions, list => list.Count < MaxSubscriptions ? list.Add(subscription) : list) ? subscription : null;
    }

    /// <param name="channel">Who gets it.</param>
    /// <param name="name">The event's name on the wire; of a console channel it is <c>console</c>.</param>
    public void Publish<T>(string channel, string name, T data)
    {
        if (IsHeard(channel))
        {
            var frame = new DashboardFrame(name, JsonSerializer.SerializeToUtf8Bytes(data, JsonSerializerOptions.Web));
            foreach (var subscription in _subscriptions.Where(s => s.Channels.Contains(channel)))
            {
                subscription.Add(frame);
            }
        }
    }

    /// <summary>Says that some of what is new will not come.</summary>
    public void PublishLagged(string channel, int lost)
    {
        if (lost > 0)
        {
            Publish(channel, "lagged", new { lost });
        }
    }
}
