using AiPlatform.Services.Chat.Usage.Records;

namespace AiPlatform.Services.Chat.Usage;

/// <summary>The rows of settled calls.</summary>
internal interface IUsageStore
{
    /// <summary>Adds those that are not there yet, in one statement; the practice of each is in it.</summary>
    Task AddAsync(IReadOnlyList<SettledCall> calls, CancellationToken cancellationToken);
}
