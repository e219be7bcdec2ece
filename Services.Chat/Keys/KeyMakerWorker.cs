using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Services;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Keys;

/// <summary>
/// A key acts for who made it, so it must not outlive their place in the practice: asks the Api at times who of the makers may still sign in and leads, and
/// revokes the keys of all others. While the Api does not answer, keys go on as they are.
/// </summary>
internal sealed partial class KeyMakerWorker(
    IKeyStore store, KeyService keys, IServiceScopeFactory scopes, IOptions<KeyOptions> options, TimeProvider timeProvider, ILogger<KeyMakerWorker> logger) : BackgroundService
{
    // As many as the Api answers at once.
    private const int BatchLength = 100;

    private bool _isBlind;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.MakerSeconds), timeProvider);

        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Say(await CheckAsync(stoppingToken));
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Say((exception as DatabaseUnavailableException)?.Reason ?? exception.GetType().Name);
            }
        }
    }

    /// <returns>Why some of them could not be asked about; null when all could.</returns>
    private async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        string? hindrance = null;

        foreach (var practice in (await store.ListMakersAsync(timeProvider.GetUtcNow(), cancellationToken)).GroupBy(maker => maker.PracticeId))
        {
            foreach (var makers in practice.Chunk(BatchLength))
            {
                await using var scope = scopes.CreateAsyncScope();
                var reply = await scope.ServiceProvider.GetRequiredService<PlatformApi>().FindActiveUsersAsync(practice.Key, makers.Select(maker => maker.UserId), cancellationToken);

                if (reply.Failed(out var error, out var active))
                {
                    hindrance = error.Code;
                    continue;
                }

                foreach (var maker in makers.ExceptBy(active.Items.Where(user => user.Role is "owner" or "admin").Select(user => user.UserId), maker => maker.UserId))
                {
                    await keys.RevokeAllAsync(maker, cancellationToken);
                }
            }
        }

        return hindrance;
    }

    private void Say(string? hindrance)
    {
        if (hindrance is not null && !_isBlind)
        {
            LogBlind(hindrance);
        }

        _isBlind = hindrance is not null;
    }

    [LoggerMessage(LogLevel.Warning, "Whether the makers of keys still lead their practices could not be found out: {Reason}. Their keys go on until it can.")]
    private partial void LogBlind(string reason);
}
