namespace AiPlatform.Services.Api.Practitioners;

internal interface IPractitionerStore
{
    /// <summary>At most <paramref name="limit"/> practitioners by name.</summary>
    /// <param name="active">Null for both, those who treat now and those who do not any more.</param>
    Task<IReadOnlyList<PractitionerResponse>> ListAsync(Guid practiceId, bool? active, int limit, CancellationToken cancellationToken);

    /// <returns>The names of those of the ids that are practitioners of the practice.</returns>
    Task<IReadOnlyDictionary<Guid, string>> FindNamesAsync(
        Guid practiceId, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);
}
