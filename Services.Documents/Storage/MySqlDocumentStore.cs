using System.Data.Common;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using Dapper;

namespace AiPlatform.Services.Documents.Storage;

internal sealed class MySqlDocumentStore(Database database) : IDocumentStore
{
    public async Task<bool> TryAddAsync(
        Guid practiceId, StoredDocument document, IdempotencyClaim? claim, CancellationToken cancellationToken)
    {
        var (head, version) = document;
        var sessionIds = JsonSerializer.Serialize(head.SessionIds, StorageJsonContext.Default.IReadOnlyListGuid);

        return await TryInTransactionAsync(
            async (connection, transaction, token) =>
            {
                if (claim is not null && !await MySqlIdempotencyStore.SettleAsync(connection, transaction, claim, head.Id, version.Version, token))
                {
                    return AddVersionOutcome.ClaimLost;
                }

                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    insert into documents (id, practice_id, created_by, client_id, client_name, practitioner_id, practitioner_name, template_id,
                        template_name, template_content, session_ids, chat_session_id, latest_version, created_at)
                    values (@Id, @practiceId, @CreatedBy, @ClientId, @ClientName, @PractitionerId, @PractitionerName, @TemplateId,
                        @TemplateName, @TemplateContent, @sessionIds, @ChatSessionId, @Version, @CreatedAt)
                    """,
                    new
                    {
                        head.Id,
                        practiceId,
                        head.CreatedBy,
                        head.ClientId,
                        head.ClientName,
                        head.PractitionerId,
                        head.PractitionerName,
                        head.TemplateId,
                        head.TemplateName,
                        head.TemplateContent,
                        sessionIds,
                        head.ChatSessionId,
                        version.Version,
                        version.CreatedAt,
                    },
                    transaction,
                    cancellationToken: token));
                await InsertVersionAsync(connection, transaction, practiceId, head.Id, version, token);
                return AddVersionOutcome.Added;
            },
            cancellationToken) == AddVersionOutcome.Added;
    }

    public Task<AddVersionOutcome> TryAddVersionAsync(
        Guid practiceId, Guid documentId, DocumentVersion version, IdempotencyClaim? claim, CancellationToken cancellationToken) =>
        TryInTransactionAsync(
            async (connection, transaction, token) =>
            {
                if (claim is not null && !await MySqlIdempotencyStore.SettleAsync(connection, transaction, claim, documentId, version.Version, token))
                {
                    return AddVersionOutcome.ClaimLost;
                }

                // The row's lock makes refinements of one document take turns; the second finds another latest version.
                var moved = await connection.ExecuteAsync(new CommandDefinition(
                    """
                    update documents set latest_version = @Version
                    where id = @documentId and practice_id = @practiceId and latest_version = @Version - 1
                    """,
                    new { documentId, practiceId, version.Version },
                    transaction,
                    cancellationToken: token));
                if (moved == 0)
                {
                    return AddVersionOutcome.VersionTaken;
                }

                await InsertVersionAsync(connection, transaction, practiceId, documentId, version, token);
                return AddVersionOutcome.Added;
            },
            cancellationToken);

    public Task<StoredDocument?> FindAsync(Guid practiceId, Guid id, int? version, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) =>
            {
                var row = await connection.QuerySingleOrDefaultAsync<DocumentRow>(new CommandDefinition(
                    $"""
                    {DocumentRow.Select}
                    where d.id = @id and d.practice_id = @practiceId and v.version = coalesce(@version, d.latest_version)
                    """,
                    new { id, practiceId, version },
                    cancellationToken: token));
                return row?.ToDocument();
            },
            cancellationToken);

    public Task<IReadOnlyList<StoredDocument>> ListAsync(
        Guid practiceId, Guid userId, string? chatSessionId, Guid? before, int limit, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<StoredDocument>>(
            async (connection, token) =>
            {
                // Ids are made in the order of time.
                var rows = await connection.QueryAsync<DocumentRow>(new CommandDefinition(
                    $"""
                    {DocumentRow.Select}
                    where d.practice_id = @practiceId and d.created_by = @userId and v.version = d.latest_version
                      and (@chatSessionId is null or d.chat_session_id = @chatSessionId)
                      and (@before is null or d.id < @before)
                    order by d.id desc
                    limit @limit
                    """,
                    new { practiceId, userId, chatSessionId, before, limit },
                    cancellationToken: token));
                return [.. rows.Select(row => row.ToDocument())];
            },
            cancellationToken);

    public Task<IReadOnlyList<DocumentVersionSummary>> ListVersionsAsync(Guid practiceId, Guid id, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<DocumentVersionSummary>>(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<DocumentRow>(new CommandDefinition(
                    """
                    select version as Version, name as Name, instructions as Instructions, word_count as WordCount, model as Model, created_at as CreatedAt
                    from document_versions
                    where document_id = @id and practice_id = @practiceId
                    order by version
                    """,
                    new { id, practiceId },
                    cancellationToken: token));
                return [.. rows.Select(row => new DocumentVersionSummary(
                    row.Version, row.Name, row.Instructions, row.WordCount, row.Model, row.CreatedAt))];
            },
            cancellationToken);

    // An outcome other than Added leaves nothing behind, the settled claim included.
    private async Task<AddVersionOutcome> TryInTransactionAsync(
        Func<DbConnection, DbTransaction, CancellationToken, Task<AddVersionOutcome>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await database.RunInTransactionAsync(
                async (connection, transaction, token) =>
                    await work(connection, transaction, token) is var outcome and not AddVersionOutcome.Added
                        ? throw new NotAddedException(outcome)
                        : AddVersionOutcome.Added,
                cancellationToken);
        }
        catch (NotAddedException notAdded)
        {
            return notAdded.Outcome;
        }
    }

    private static Task<int> InsertVersionAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, Guid documentId, DocumentVersion version, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            insert into document_versions (document_id, version, practice_id, name, title, content, sections, instructions, note, word_count,
                processing_method, model, generation_time_ms, created_by, created_at)
            values (@documentId, @Version, @practiceId, @Name, @Title, @Content, @sections, @Instructions, @Note, @WordCount,
                @ProcessingMethod, @Model, @GenerationTimeMs, @CreatedBy, @CreatedAt)
            """,
            new
            {
                documentId,
                version.Version,
                practiceId,
                version.Name,
                version.Title,
                version.Content,
                version.Instructions,
                version.Note,
                version.WordCount,
                version.ProcessingMethod,
                version.Model,
                version.GenerationTimeMs,
                version.CreatedBy,
                version.CreatedAt,
                sections = JsonSerializer.Serialize(version.Sections, StorageJsonContext.Default.IReadOnlyListDocumentSection),
            },
            transaction,
            cancellationToken: cancellationToken));

    private sealed class NotAddedException(AddVersionOutcome outcome) : Exception
    {
        public AddVersionOutcome Outcome { get; } = outcome;
    }
}
