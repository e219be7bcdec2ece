using System.Data.Common;
using Dapper;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Threads;

/// <summary>What a run does to its thread, inside the run's own transaction.</summary>
internal static class ThreadWriter
{
    private const int TitleLength = 80;

    public static Task AddThreadIfMissingAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, Guid userId, Guid threadId, string firstMessage, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        const string Sql = """
            insert into threads (id, practice_id, user_id, title, created_at, updated_at)
            select @threadId, @practiceId, @userId, @title, @now, @now
            from dual
            where not exists (select 1 from threads where id = @threadId)
            """;
        return connection.ExecuteAsync(
            new(Sql, new { threadId, practiceId, userId, title = Title(firstMessage), now }, transaction, cancellationToken: cancellationToken));
    }

    /// <summary>The newest messages on the way from the root to the thread's head, oldest first. Locks the thread for what follows.</summary>
    public static async Task<(Guid? Head, IReadOnlyList<ChatMessage> History)> LockAsync(
        DbConnection connection, DbTransaction transaction, Guid threadId, int limit, CancellationToken cancellationToken)
    {
        var thread = await connection.QuerySingleAsync<HeadRow>(new(
            "select head_message_id as Head from threads where id = @threadId for update", new { threadId }, transaction, cancellationToken: cancellationToken));
        if (thread.Head is not { } head)
        {
            return (null, []);
        }

        const string Sql = """
            with recursive path as (
                select id, parent_id, role, content, 1 as depth from messages where id = @head
                union all
                select message.id, message.parent_id, message.role, message.content, path.depth + 1
                from messages message join path on message.id = path.parent_id
                where path.depth < @limit
            )
            select role as Role, content as Content from path order by depth desc
            """;
        var rows = await connection.QueryAsync<HistoryRow>(new(Sql, new { head, limit }, transaction, cancellationToken: cancellationToken));
        return (head, [.. rows.Select(row => new ChatMessage(row.Role == "user" ? ChatRole.User : ChatRole.Assistant, row.Content))]);
    }

    /// <summary>Adds a message after its parent and makes it the thread's head.</summary>
    public static Task AddMessageAsync(
        DbConnection connection, DbTransaction transaction, Guid threadId, NewMessage message, DateTimeOffset now, CancellationToken cancellationToken)
    {
        const string Sql = """
            insert into messages (id, thread_id, parent_id, run_id, role, content, status, created_at)
            values (@Id, @threadId, @ParentId, @RunId, @Role, @Content, @Status, @now);
            update threads set head_message_id = @Id, updated_at = @now where id = @threadId;
            """;
        return connection.ExecuteAsync(new(
            Sql,
            new { message.Id, threadId, message.ParentId, message.RunId, message.Role, message.Content, message.Status, now },
            transaction,
            cancellationToken: cancellationToken));
    }

    private static string Title(string message)
    {
        var line = message.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        line = end < 0 ? line : line[..end];
        if (line.Length <= TitleLength)
        {
            return line.ToString();
        }

        // Not between the halves of a surrogate pair.
        var cut = char.IsHighSurrogate(line[TitleLength - 1]) ? TitleLength - 1 : TitleLength;
        return string.Concat(line[..cut], "…");
    }

    private sealed record HeadRow
    {
        public Guid? Head { get; init; }
    }

    private sealed record HistoryRow
    {
        public string Role { get; init; } = string.Empty;

        public string Content { get; init; } = string.Empty;
    }
}

internal sealed record NewMessage(Guid Id, Guid? ParentId, Guid RunId, string Role, string Content, string Status);
