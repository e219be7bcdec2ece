using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Http;

namespace AiPlatform.Services.Api.Homework;

/// <summary>A change and its audit event are stored in one transaction.</summary>
internal interface IHomeworkStore
{
    /// <returns>The id of the assignment of this key, and whether this call made it.</returns>
    Task<(Guid Id, bool Created)> AddAsync(Guid practiceId, WriteKey key, HomeworkAssignment assignment, AuditEntry audited, CancellationToken cancellationToken);

    Task<HomeworkAssignment?> FindAsync(Guid practiceId, Guid id, CancellationToken cancellationToken);

    Task<IReadOnlyList<HomeworkAssignmentHead>> ListAsync(
        Guid practiceId, Guid clientId, HomeworkFilter filter, CancellationToken cancellationToken);

    /// <returns>For each client who was given something: how much, and how far it is.</returns>
    Task<IReadOnlyDictionary<Guid, HomeworkCounts>> CountAsync(
        Guid practiceId, IReadOnlyCollection<Guid> clientIds, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Changes the assignment while nobody else can; <paramref name="change"/> may refuse, and may run again.</summary>
    /// <returns>Null when there is no such assignment.</returns>
    Task<HomeworkAssignment?> ChangeAsync(
        Guid practiceId, Guid id, Func<HomeworkAssignment, HomeworkAssignment> change, AuditEntry audited, CancellationToken cancellationToken);

    /// <summary>Stores the result and what it makes of its assignment in one; <paramref name="accept"/> may refuse, and may run again.</summary>
    /// <returns>The id of the result of this key, and whether this call made it.</returns>
    Task<(Guid Id, bool Created)> SubmitAsync(
        Guid practiceId, WriteKey key, HomeworkResult result, Func<HomeworkAssignment, HomeworkAssignment> accept, AuditEntry audited,
        CancellationToken cancellationToken);

    Task<HomeworkResult?> FindResultAsync(Guid practiceId, Guid id, CancellationToken cancellationToken);

    /// <summary>At most <paramref name="limit"/> results, newest first, from the cursor's place on.</summary>
    Task<IReadOnlyList<HomeworkResultHead>> ListResultsAsync(
        Guid practiceId, Guid assignmentId, TimeCursor? after, int limit, CancellationToken cancellationToken);

    /// <inheritdoc cref="ChangeAsync"/>
    Task<HomeworkResult?> ChangeResultAsync(
        Guid practiceId, Guid id, Func<HomeworkResult, HomeworkResult> change, AuditEntry audited, CancellationToken cancellationToken);
}

/// <param name="Status">Null for every one.</param>
internal sealed record HomeworkFilter(string? Status, DateTimeOffset Now, bool OldestFirst, TimeCursor? After, int Limit);
