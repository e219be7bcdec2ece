using AiPlatform.Services.Chat.Usage.Records;

namespace AiPlatform.Services.Chat.Usage;

/// <summary>The rows of settled calls.</summary>
internal interface IUsageStore
{
    /// <summary>Adds those that are not there yet, in one statement; the practice of each is in it.</summary>
    Task AddAsync(IReadOnlyList<SettledCall> calls, CancellationToken cancellationToken);

    /// <summary>The practices that have rows from before that time; for the process itself, which looks after all of them.</summary>
    Task<IReadOnlyList<Guid>> ListPracticesAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Removes the practice's oldest rows from before that time, so many at most.</summary>
    /// <returns>How many there were.</returns>
    Task<int> RemoveAsync(Guid practiceId, DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
