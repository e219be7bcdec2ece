namespace Aspire.Hosting.Dashboard.Access;

/// <summary>Bounds the guessing of the token: so many failures a minute, then nobody logs in until the oldest is a minute old.</summary>
internal sealed class LoginAttempts(TimeProvider timeProvider)
{
    public const int MaxFailures = 10;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly Queue<DateTimeOffset> _failures = new();

    /// <returns><see langword="null"/> when there were too many failures to look at this attempt.</returns>
    public bool? Try(Func<bool> isRight)
    {
        lock (_gate)
        {
            var now = timeProvider.GetUtcNow();
            while (_failures.TryPeek(out var oldest) && now - oldest >= Window)
            {
                _failures.Dequeue();
            }

            if (_failures.Count >= MaxFailures)
            {
                return null;
            }

            var right = isRight();
            if (!right)
            {
                _failures.Enqueue(now);
            }

            return right;
        }
    }
}
