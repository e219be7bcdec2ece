using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Identity;

/// <summary>
/// Counts failed sign-ins for each address, known or not, in bounded memory: past the limit the address waits for the window's end.
/// </summary>
internal sealed class SignInThrottle(IOptions<IdentityOptions> options, TimeProvider timeProvider)
{
    internal const int MaxAddresses = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Window> _windows = [];
    private readonly Queue<(string Address, Window Window)> _oldest = new();
    private readonly TimeSpan _windowLength = TimeSpan.FromMinutes(options.Value.SignInWindowMinutes);
    private readonly int _attempts = options.Value.SignInAttempts;

    /// <summary>Takes one attempt before the password is looked at, so that a burst in parallel is counted too.</summary>
    public bool TryTake(string address)
    {
        lock (_lock)
        {
            DropOld();
            if (!_windows.TryGetValue(address, out var window))
            {
                window = new Window(timeProvider.GetUtcNow() + _windowLength);
                _windows[address] = window;
                _oldest.Enqueue((address, window));
            }

            return ++window.Attempts <= _attempts;
        }
    }

    public void Forget(string address)
    {
        lock (_lock)
        {
            _windows.Remove(address);
        }
    }

    private void DropOld()
    {
        var now = timeProvider.GetUtcNow();
        while (_oldest.TryPeek(out var oldest) && (oldest.Window.EndsAt <= now || _oldest.Count >= MaxAddresses))
        {
            _oldest.Dequeue();
            if (_windows.TryGetValue(oldest.Address, out var window) && ReferenceEquals(window, oldest.Window))
            {
                _windows.Remove(oldest.Address);
            }
        }
    }

    private sealed class Window(DateTimeOffset endsAt)
    {
        public DateTimeOffset EndsAt { get; } = endsAt;

        public int Attempts { get; set; }
    }
}
