namespace AiPlatform.Services.Chat.Threads;

/// <summary>Persisted conversations. A thread belongs to one user of one practice; for everybody else it does not exist.</summary>
internal interface IThreadStore
{
    Task<bool> ExistsAsync(Guid practiceId, Guid userId, Guid threadId, CancellationToken cancellationToken);

    /// <summary>The user's threads, last used first, after the one named by <paramref name="cursor"/>.</summary>
    Task<ThreadPage> ListAsync(Guid practiceId, Guid userId, int limit, Guid? cursor, CancellationToken cancellationToken);

    /// <summary>All messages of a thread, every branch, oldest first.</summary>
    /// <returns>Null when the user has no such thread.</returns>
    Task<MessagePage?> ReadMessagesAsync(Guid practiceId, Guid userId, Guid threadId, int limit, Guid? cursor, CancellationToken cancellationToken);
}
