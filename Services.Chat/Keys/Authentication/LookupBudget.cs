using AiPlatform.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Keys.Authentication;

/// <summary>
/// How many unknown secrets are looked up in the database, evenly over time with a second's worth at once: who guesses must not keep it busy. Beyond it
/// nobody is told that their key is wrong, since nobody looked, but to come back in a second; a lookup that found a key costs nothing.
/// </summary>
internal sealed class LookupBudget(IOptions<KeyOptions> options, TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private double _left = options.Value.UnknownPerSecond;
    private long _filledAt = timeProvider.GetTimestamp();

    /// <exception cref="DomainException">key.lookups_busy</exception>
    public void Spend()
    {
        lock (_gate)
        {
            var now = timeProvider.GetTimestamp();
            _left = Math.Min(options.Value.UnknownPerSecond, _left + (options.Value.UnknownPerSecond * timeProvider.GetElapsedTime(_filledAt, now).TotalSeconds));
            _filledAt = now;

            if (_left < 1)
            {
                throw new DomainException(DomainErrorKind.RateLimited, "key.lookups_busy", "Too many unknown keys are being tried; try again in a second.")
                {
                    RetryAfter = TimeSpan.FromSeconds(1),
                };
            }

            _left--;
        }
    }

    public void GiveBack()
    {
        lock (_gate)
        {
            _left++;
        }
    }
}
