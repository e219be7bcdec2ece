namespace AiPlatform.Services.Chat.Models.Routing;

/// <summary>A rate per minute as a bucket that fills evenly. What was taken beyond what was in it is owed before the next call.</summary>
internal sealed class RateMeter(TimeProvider timeProvider)
{
    // A limit per minute is mostly kept over seconds by who set it; the whole minute at once would be over it.
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private double? _level;
    private long _filledAt;

    /// <returns>Zero when a call may go, otherwise how long until one may.</returns>
    public TimeSpan UntilFree(double perMinute)
    {
        lock (_gate)
        {
            Fill(perMinute);
            return _level >= 1 ? TimeSpan.Zero : TimeSpan.FromMinutes((1 - _level!.Value) / perMinute);
        }
    }

    public void Take(double amount, double perMinute)
    {
        lock (_gate)
        {
            Fill(perMinute);
            _level -= amount;
        }
    }

    private void Fill(double perMinute)
    {
        var most = Math.Max(1, perMinute * Burst.TotalMinutes);
        var now = timeProvider.GetTimestamp();
        _level = _level is null ? most : Math.Min(most, _level.Value + (perMinute * timeProvider.GetElapsedTime(_filledAt, now).TotalMinutes));
        _filledAt = now;
    }
}
