using AiPlatform.ServiceDefaults.Data;
using Dapper;

namespace AiPlatform.Services.Documents.Templates;

internal sealed class MySqlTemplateStore(Database database, TimeProvider timeProvider) : ITemplateStore
{
    public Task<IReadOnlyList<Template>> ListAsync(
        Guid practiceId, Guid userId, TemplateType? type, string? search, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<Template>>(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<Row>(new CommandDefinition(
                    """
                    select id as Id, owner_id as OwnerId, type as Type, name as Name, description as Description, content as Content
                    from templates
                    where (practice_id is null or (practice_id = @practiceId and (owner_id is null or owner_id = @userId)))
                      and (@type is null or type = @type)
                      and (@search is null or locate(lower(@search), lower(name)) > 0)
                    order by name, id
                    limit 500
                    """,
                    new { practiceId, userId, type = type is { } given ? ToText(given) : null, search },
                    cancellationToken: token));
                return [.. rows.Select(row => row.ToTemplate())];
            },
            cancellationToken);

    public Task<Template?> FindAsync(Guid practiceId, Guid userId, Guid id, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) =>
            {
                var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
                    """
                    select id as Id, owner_id as OwnerId, type as Type, name as Name, description as Description, content as Content
                    from templates
                    where id = @id and (practice_id is null or (practice_id = @practiceId and (owner_id is null or owner_id = @userId)))
                    """,
                    new { id, practiceId, userId },
                    cancellationToken: token));
                return row?.ToTemplate();
            },
            cancellationToken);

    public Task AddAsync(Guid practiceId, Guid userId, Template template, CancellationToken cancellationToken) =>
        database.RunAsync(
            (connection, token) => connection.ExecuteAsync(new CommandDefinition(
                """
                insert into templates (id, practice_id, owner_id, type, name, description, content, created_at, updated_at)
                values (@Id, @practiceId, @ownerId, @type, @Name, @Description, @Content, @now, @now)
                """,
                Parameters(practiceId, userId, template),
                cancellationToken: token)),
            cancellationToken);

    public async Task<bool> UpdateAsync(Guid practiceId, Guid userId, Template template, CancellationToken cancellationToken) =>
        await database.RunAsync(
            (connection, token) => connection.ExecuteAsync(new CommandDefinition(
                """
                update templates
                set type = @type, owner_id = @ownerId, name = @Name, description = @Description, content = @Content, updated_at = @now
                where id = @Id and practice_id = @practiceId and (owner_id is null or owner_id = @userId)
                """,
                Parameters(practiceId, userId, template),
                cancellationToken: token)),
            cancellationToken) == 1;

    public async Task<bool> DeleteAsync(Guid practiceId, Guid userId, Guid id, CancellationToken cancellationToken) =>
        await database.RunAsync(
            (connection, token) => connection.ExecuteAsync(new CommandDefinition(
                "delete from templates where id = @id and practice_id = @practiceId and (owner_id is null or owner_id = @userId)",
                new { id, practiceId, userId },
                cancellationToken: token)),
            cancellationToken) == 1;

    public Task SeedAsync(Guid? practiceId, IReadOnlyList<Template> templates, CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                foreach (var template in templates)
                {
                    await connection.ExecuteAsync(new CommandDefinition(
                        """
                        insert into templates (id, practice_id, owner_id, type, name, description, content, created_at, updated_at)
                        values (@Id, @practiceId, null, @type, @Name, @Description, @Content, @now, @now)
                        on duplicate key update name = @Name, description = @Description, content = @Content
                        """,
                        Parameters(practiceId, userId: null, template),
                        transaction,
                        cancellationToken: token));
                }
            },
            cancellationToken);

    private object Parameters(Guid? practiceId, Guid? userId, Template template) => new
    {
        practiceId,
        userId,
        ownerId = template.Type == TemplateType.Private ? userId : null,
        type = ToText(template.Type),
        now = timeProvider.GetUtcNow(),
        template.Id,
        template.Name,
        template.Description,
        template.Content,
    };

    private static string ToText(TemplateType type) => type switch
    {
        TemplateType.Public => "public",
        TemplateType.Clinic => "clinic",
        _ => "private",
    };

    private sealed record Row
    {
        public Guid Id { get; init; }

        public Guid? OwnerId { get; init; }

        public string Type { get; init; } = "";

        public string Name { get; init; } = "";

        public string Description { get; init; } = "";

        public string Content { get; init; } = "";

        public Template ToTemplate() => new(Id, Name, Description, Enum.Parse<TemplateType>(Type, ignoreCase: true), Content) { OwnerId = OwnerId };
    }
}
