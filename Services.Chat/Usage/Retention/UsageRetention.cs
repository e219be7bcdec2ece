using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Usage.Retention;

/// <summary>Ends the life of rows of calls: whole days, the oldest first, so that of a day all is there or its sums are said to be incomplete.</summary>
internal sealed partial class UsageRetention(IUsageStore store, IOptions<UsageOptions> options, TimeProvider timeProvider, ILogger<UsageRetention> logger)
{
    /// <summary>Rows of one statement: few enough that nobody waits for their locks.</summary>
    public const int BatchLength = 1000;

    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        var before = new DateTimeOffset(options.Value.KeptFrom(timeProvider.GetUtcNow()).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

        foreach (var practiceId in await store.ListPracticesAsync(before, cancellationToken))
        {
            var removed = 0L;
            int last;

            do
            {
                last = await store.RemoveAsync(practiceId, before, BatchLength, cancellationToken);
                removed += last;
            }
            while (last == BatchLength);

            LogRemoved(removed, practiceId, before);
        }
    }

    [LoggerMessage(LogLevel.Information, "Removed {Count} rows of calls of practice {PracticeId} from before {Before}.")]
    private partial void LogRemoved(long count, Guid practiceId, DateTimeOffset before);
}
