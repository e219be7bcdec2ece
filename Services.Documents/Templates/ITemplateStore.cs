namespace AiPlatform.Services.Documents.Templates;

/// <summary>Templates as one user of one practice sees them: shipped ones, the practice's, and their own private ones.</summary>
internal interface ITemplateStore
{
    /// <summary>By name; at most 500.</summary>
    /// <param name="type">Null for every type.</param>
    /// <param name="search">Part of the name, any case; null for all.</param>
    Task<IReadOnlyList<Template>> ListAsync(
        Guid practiceId, Guid userId, TemplateType? type, string? search, CancellationToken cancellationToken);

    Task<Template?> FindAsync(Guid practiceId, Guid userId, Guid id, CancellationToken cancellationToken);

    Task AddAsync(Guid practiceId, Guid userId, Template template, CancellationToken cancellationToken);

    /// <returns><see langword="false"/> when the user does not see such a template.</returns>
    Task<bool> UpdateAsync(Guid practiceId, Guid userId, Template template, CancellationToken cancellationToken);

    /// <returns><see langword="false"/> when the user does not see such a template.</returns>
    Task<bool> DeleteAsync(Guid practiceId, Guid userId, Guid id, CancellationToken cancellationToken);

    /// <summary>Writes templates with ids of their own, over what an earlier start wrote.</summary>
    /// <param name="practiceId">Null for the ones that everybody sees.</param>
    Task SeedAsync(Guid? practiceId, IReadOnlyList<Template> templates, CancellationToken cancellationToken);
}
