using System.Data.Common;
using AiPlatform.ServiceDefaults.Data;
using Dapper;

namespace AiPlatform.Services.Chat.Threads;

internal sealed class MySqlThreadStore(Database database) : IThreadStore
{
    public Task<bool> ExistsAsync(Guid practiceId, Guid userId, Guid threadId, CancellationToken cancellationToken) =>
        database.RunAsync((connection, token) => ExistsAsync(connection, practiceId, userId, threadId, token), cancellationToken);

    public Task<ThreadPage> ListAsync(Guid practiceId, Guid userId, int limit, Guid? cursor, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) =>
            {
                const string Sql = """
                    select id as Id, title as Title, created_at as CreatedAt, updated_at as UpdatedAt
                    from threads
                    where practice_id = @practiceId and user_id = @userId
                      and (@cursor is null or (updated_at, id) < (
                        select last.updated_at, last.id from threads last
                        where last.id = @cursor and last.practice_id = @practiceId and last.user_id = @userId))
                    order by updated_at desc, id desc
                    limit @rows
                    """;
                var rows = (await connection.QueryAsync<ThreadRow>(
                    new(Sql, new { practiceId, userId, cursor, rows = limit + 1 }, cancellationToken: token))).AsList();
                var items = rows.Take(limit).Select(row => new ThreadResponse(row.Id, row.Title, row.CreatedAt, row.UpdatedAt)).ToList();
                return new ThreadPage(items, rows.Count > limit ? items[^1].Id : null);
            },
            cancellationToken);

    public Task<MessagePage?> ReadMessagesAsync(
        Guid practiceId, Guid userId, Guid threadId, int limit, Guid? cursor, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) =>
            {
                if (!await ExistsAsync(connection, practiceId, userId, threadId, token))
                {
                    return null;
                }

                const string Sql = """
                    select id as Id, parent_id as ParentId, run_id as RunId, role as Role, content as Content, status as Status, created_at as CreatedAt
                    from messages
                    where thread_id = @threadId
                      and (@cursor is null or (created_at, id) > (
                        select last.created_at, last.id from messages last where last.id = @cursor and last.thread_id = @threadId))
                    order by created_at, id
                    limit @rows
                    """;
                var rows = (await connection.QueryAsync<MessageRow>(
                    new(Sql, new { threadId, cursor, rows = limit + 1 }, cancellationToken: token))).AsList();
                var items = rows.Take(limit)
                    .Select(row => new MessageResponse(row.Id, row.ParentId, row.RunId, row.Role, row.Content, row.Status, row.CreatedAt))
                    .ToList();
                return new MessagePage(items, rows.Count > limit ? items[^1].Id : null);
            },
            cancellationToken);

    private static async Task<bool> ExistsAsync(
        DbConnection connection, Guid practiceId, Guid userId, Guid threadId, CancellationToken cancellationToken) =>
        await connection.ExecuteScalarAsync<long>(new(
            "select count(*) from threads where id = @threadId and practice_id = @practiceId and user_id = @userId",
            new { practiceId, userId, threadId },
            cancellationToken: cancellationToken)) > 0;

    private sealed record ThreadRow
    {
        public Guid Id { get; init; }

        public string Title { get; init; } = string.Empty;

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset UpdatedAt { get; init; }
    }

    private sealed record MessageRow
    {
        public Guid Id { get; init; }

        public Guid? ParentId { get; init; }

        public Guid? RunId { get; init; }

        public string Role { get; init; } = string.Empty;

        public string Content { get; init; } = string.Empty;

        public string Status { get; init; } = string.Empty;

        public DateTimeOffset CreatedAt { get; init; }
    }
}
