using AiPlatform.ServiceDefaults.Data;

namespace AiPlatform.Services.Chat.Sessions;

/// <summary>Writes back UI state that was changed while Redis was away, and drops expired copies.</summary>
internal sealed partial class SessionCare(
    RedisUiStateStore uiStates, ChatSessions sessions, RedisClient redis, TimeProvider timeProvider, ILogger<SessionCare> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var wake = new SemaphoreSlim(0);
        void OnReconnected() => wake.Release();
        redis.Reconnected += OnReconnected;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await wake.WaitAsync(Pause, stoppingToken);
                await CareAsync(stoppingToken);
            }
        }
        finally
        {
            redis.Reconnected -= OnReconnected;
        }
    }

    private async Task CareAsync(CancellationToken cancellationToken)
    {
        try
        {
            uiStates.SweepCopies();
            sessions.SweepCopies();
            await uiStates.WriteBackAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotWrittenBack(exception, timeProvider.GetUtcNow());
        }
    }

    [LoggerMessage(LogLevel.Warning, "UI states could not be written back at {Time}; they stay in memory.")]
    private partial void LogNotWrittenBack(Exception exception, DateTimeOffset time);
}
