using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Identity;

/// <summary>
/// Counts failed sign-ins for each address, known or not, in bounded memory: past the limit the address waits for the window's end.
/// </summary>
internal sealed class SignInThrottle(IOptions<IdentityOptions> options, TimeProvider timeProvider)
{
    internal const int MaxAddresses = 10_000;

    // Attempts under way are not failures yet; without a limit a burst in parallel would try as many passwords as it likes.
    internal const int MaxAtOnce = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Window> _windows = [];
    private readonly Queue<Window> _oldest = new();
    private readonly TimeSpan _windowLength = TimeSpan.FromMinutes(options.Value.SignInWindowMinutes);
    private readonly int _attempts = options.Value.SignInAttempts;

    /// <returns>The attempt, to be told its outcome; null when the address has to wait.</returns>
    public Attempt? TryBegin(string address)
    {
        lock (_lock)
        {
            DropOld();
            if (!_windows.TryGetValue(address, out var window))
            {
                window = new Window(address, timeProvider.GetUtcNow() + _windowLength);
                _windows[address] = window;
                _oldest.Enqueue(window);
            }

            if (window.Failures >= _attempts || window.UnderWay >= MaxAtOnce)
            {
                return null;
            }

            window.UnderWay++;
            return new(this, window);
        }
    }

    /// <summary>How long an address that may not begin has to wait; a second when others are at it right now.</summary>
    public TimeSpan WaitOf(string address)
    {
        lock (_lock)
        {
            return _windows.TryGetValue(address, out var window) && window.Failures >= _attempts
                ? window.EndsAt - timeProvider.GetUtcNow()
                : TimeSpan.FromSeconds(1);
        }
    }

    private void DropOld()
    {
        var now = timeProvider.GetUtcNow();
        while (_oldest.TryPeek(out var oldest) && (oldest.EndsAt <= now || _oldest.Count >= MaxAddresses))
        {
            _oldest.Dequeue();
            _windows.Remove(oldest.Address);
        }
    }

    /// <summary>One sign-in under way. Disposed without an outcome it counts as neither: the fault was ours.</summary>
    internal sealed class Attempt(SignInThrottle throttle, Window window) : IDisposable
    {
        public void Fail()
        {
            lock (throttle._lock)
            {
                window.Failures++;
            }
        }

        public void Succeed()
        {
            lock (throttle._lock)
            {
                window.Failures = 0;
            }
        }

        public void Dispose()
        {
            lock (throttle._lock)
            {
                window.UnderWay--;
            }
        }
    }

    internal sealed class Window(string address, DateTimeOffset endsAt)
    {
        public string Address { get; } = address;

        public DateTimeOffset EndsAt { get; } = endsAt;

        public int Failures { get; set; }

        public int UnderWay { get; set; }
    }
}
