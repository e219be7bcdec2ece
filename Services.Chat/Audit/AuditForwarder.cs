using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Services;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Audit;

/// <summary>
/// Sends what waits in the outbox to the practices' audits. Replicas may send the same at once, and again after a crash: the Api records an event once. What it
/// cannot take now is sent again; an event that it refuses as such is put aside, so that the others are not held up.
/// </summary>
internal sealed partial class AuditForwarder(
    AuditOutbox outbox, IServiceScopeFactory scopes, IOptions<AuditOptions> options, TimeProvider timeProvider, ILogger<AuditForwarder> logger) : BackgroundService
{
    // As many as the Api takes at once.
    private const int BatchLength = 500;

    private bool _waits;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.PollSeconds), timeProvider);

        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ForwardAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Say((exception as DatabaseUnavailableException)?.Reason ?? exception.GetType().Name);
            }
        }
    }

    private async Task ForwardAsync(CancellationToken cancellationToken)
    {
        ServiceError? hindrance = null;

        foreach (var practice in (await outbox.ReadAsync(BatchLength, cancellationToken)).GroupBy(waiting => waiting.PracticeId, waiting => waiting.Event))
        {
            hindrance = await SendAsync(practice.Key, [.. practice], cancellationToken) ?? hindrance;
        }

        Say(hindrance?.Code);
    }

    /// <returns>What keeps them here; null when they are there, or put aside.</returns>
    private async Task<ServiceError?> SendAsync(Guid practiceId, IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var error = await scope.ServiceProvider.GetRequiredService<PlatformApi>().RecordAsync(practiceId, [.. events.Select(ToWire)], cancellationToken);

        if (error is null)
        {
            await outbox.RemoveAsync(practiceId, events.Select(audited => audited.EventId), cancellationToken);
            return null;
        }

        if (!PlatformApi.IsAboutTheEvents(error))
        {
            return error;
        }

        if (events is [var only])
        {
            await outbox.RefuseAsync(practiceId, only.EventId, cancellationToken);
            LogRefused(only.EventId, only.Action, practiceId, error.Message);
            return null;
        }

        // All or nothing is the Api's rule: one by one tells which it is.
        foreach (var audited in events)
        {
            if (await SendAsync(practiceId, [audited], cancellationToken) is { } hindrance)
            {
                return hindrance;
            }
        }

        return null;
    }

    private static RecordAuditEvent ToWire(AuditEvent audited) => new(
        audited.EventId, audited.OccurredAt, audited.UserId, audited.Role, audited.Action, audited.RecordType, audited.RecordId, "success", audited.CorrelationId);

    private void Say(string? reason)
    {
        if (reason is not null && !_waits)
        {
            LogWaits(reason);
        }

        _waits = reason is not null;
    }

    [LoggerMessage(LogLevel.Warning, "Events for the audit wait: {Reason}. They are sent again until they are there.")]
    private partial void LogWaits(string reason);

    [LoggerMessage(LogLevel.Error, "Event {EventId}, {Action}, is refused by the audit of practice {PracticeId} and put aside: {Reason}")]
    private partial void LogRefused(Guid eventId, string action, Guid practiceId, string reason);
}
