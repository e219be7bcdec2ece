using AiPlatform.Services.Chat.Agents;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>Gives each run its own token, first for the caller's, then for the run's last one.</summary>
internal sealed class RunTokens(IServiceScopeFactory scopes, IOptions<RunOptions> options, TimeProvider timeProvider)
{
    // The run may wait for an approval later on; the Api caps this by itself.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    public RunToken Create(AcceptedRun run) => new(scopes, run, timeProvider.GetUtcNow() + options.Value.TimeLimit + Slack, timeProvider);
}

internal sealed class RunToken(IServiceScopeFactory scopes, AcceptedRun run, DateTimeOffset runEnd, TimeProvider timeProvider) : IRunToken, IDisposable
{
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private string? _token;
    private DateTimeOffset _renewAt;

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var now = timeProvider.GetUtcNow();
            if (_token is null || now >= _renewAt)
            {
                await using var scope = scopes.CreateAsyncScope();
                var exchange = scope.ServiceProvider.GetRequiredService<TokenExchange>();
                var renewed = await exchange.ExchangeAsync(_token ?? run.UserToken, run.RunId, _token is null ? runEnd : null, cancellationToken);
                _token = renewed.AccessToken;

                // Near the run's end tokens get short; half of one is always used.
                var lifetime = TimeSpan.FromSeconds(renewed.ExpiresIn);
                _renewAt = now + (lifetime > 2 * Early ? lifetime - Early : lifetime / 2);
            }

            return _token;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
