using System.Collections.Concurrent;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Calls;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Keys.Limits;

/// <summary>
/// Lets calls in within the limits of their key, user and practice. Decided from what this replica has in hand; only a call that finds it used up waits a
/// moment for Redis. A call takes its estimate of tokens and is corrected by what it used; its place in flight is free again however it ends.
/// </summary>
internal sealed class LimitObserver(LimitExchange exchange, IOptions<LimitOptions> options, TimeProvider timeProvider) : IModelCallObserver
{
    // What a model writes that was set no bound, about.
    private const int UsualOutput = 1_000;

    // Another replica that holds a place unused gives it back when it is asked to, which takes a moment.
    private const int Tries = 4;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(20);

    private readonly CallerLimits _perUser = options.Value.PerUser.ToLimits();
    private readonly CallerLimits _perPractice = options.Value.PerPractice.ToLimits();
    private readonly ConcurrentDictionary<ModelCall, Taken> _taken = new();

    public async ValueTask AdmitAsync(ModelCall call, CancellationToken cancellationToken)
    {
        var caller = call.Start.Caller;

        if (!IsLimited(caller))
        {
            return;
        }

        var tokens = call.Start.InputEstimate + (call.Start.MaxOutput ?? UsualOutput);
        var shares = new List<(LimitShare Share, long Tokens)>();

        try
        {
            foreach (var (subject, limits) in SubjectsOf(caller))
            {
                var share = exchange.ShareOf(subject);
                var taken = Math.Min(tokens, limits.TokensPerMinute ?? 0);
                await AdmitAsync(share, limits, taken, cancellationToken);
                shares.Add((share, taken));
            }
        }
        catch
        {
            foreach (var (share, taken) in shares)
            {
                share.Release(requests: 1, taken);
            }

            throw;
        }

        if (shares.Count > 0)
        {
            _taken[call] = new(shares);
        }
    }

    void IModelCallObserver.Settled(ModelCall call)
    {
        if (!_taken.TryRemove(call, out var taken))
        {
            return;
        }

        // What no model was asked for costs no tokens of a model.
        var used = call.Outcome is ModelCallOutcome.Cached or ModelCallOutcome.Refused ? 0 : call.Usage.Total;
        foreach (var (share, tokens) in taken.Shares)
        {
            share.Release(requests: 0, tokens - used);
        }
    }

    public bool IsLimited(ModelCaller caller) => caller.KeyLimits != CallerLimits.None || _perUser != CallerLimits.None || _perPractice != CallerLimits.None;

    /// <summary>Where a caller stands with the limits that are told to them: of their key, or else their own, or else the practice's.</summary>
    public RateLimitStatus? StatusOf(ModelCaller caller)
    {
        foreach (var (subject, limits) in SubjectsOf(caller))
        {
            if (limits.RequestsPerMinute is not null || limits.TokensPerMinute is not null)
            {
                return exchange.Find(subject)?.Status;
            }
        }

        return null;
    }

    private IEnumerable<(LimitSubject Subject, CallerLimits Limits)> SubjectsOf(ModelCaller caller)
    {
        if (caller.KeyId is { } keyId && caller.KeyLimits != CallerLimits.None)
        {
            yield return (new(caller.PracticeId, "key", keyId), caller.KeyLimits);
        }

        if (_perUser != CallerLimits.None)
        {
            yield return (new(caller.PracticeId, "user", caller.UserId), _perUser);
        }

        if (_perPractice != CallerLimits.None)
        {
            yield return (new(caller.PracticeId, "practice", caller.PracticeId), _perPractice);
        }
    }

    private async ValueTask AdmitAsync(LimitShare share, CallerLimits limits, long tokens, CancellationToken cancellationToken)
    {
        var verdict = share.TryAdmit(limits, tokens, exchange.AloneAmong);

        if (!verdict.IsFinal)
        {
            verdict = await AdmitFromRedisAsync(share, limits, tokens, cancellationToken);
        }

        if (!verdict.IsAdmitted)
        {
            throw Refused(verdict, limits);
        }

        if (share.IsLow)
        {
            exchange.Supply(share);
        }
    }

    private async Task<Verdict> AdmitFromRedisAsync(LimitShare share, CallerLimits limits, long tokens, CancellationToken cancellationToken)
    {
        share.BeginWait(tokens);

        try
        {
            var verdict = default(Verdict);

            for (var attempt = 0; attempt < Tries; attempt++)
            {
                if (attempt > 0)
                {
                    await Task.Delay(BetweenTries, timeProvider, cancellationToken);
                }

                await exchange.RunAsync(share, tokens).WaitAsync(cancellationToken);
                verdict = share.TryAdmit(limits, tokens, exchange.AloneAmong);

                if (verdict.IsFinal)
                {
                    return verdict;
                }
            }

            if (verdict.Limit == LimitKind.Concurrency)
            {
                share.RefusePlaces();
            }

            return verdict with { Wait = TimeSpan.FromSeconds(1) };
        }
        finally
        {
            share.EndWait(tokens);
        }
    }

    private static DomainException Refused(Verdict verdict, CallerLimits limits)
    {
        var what = verdict.Limit switch
        {
            LimitKind.Requests => $"requests per minute: {limits.RequestsPerMinute}",
            LimitKind.Tokens => $"tokens per minute: {limits.TokensPerMinute}",
            _ => $"requests at once: {limits.Concurrency}",
        };
        return new(DomainErrorKind.RateLimited, "limit.rate_limited", $"The limit is reached of {what}. Try again in {Math.Ceiling(verdict.Wait.TotalSeconds):0} s.")
        {
            RetryAfter = verdict.Wait,
        };
    }

    private sealed record Taken(IReadOnlyList<(LimitShare Share, long Tokens)> Shares);
}
