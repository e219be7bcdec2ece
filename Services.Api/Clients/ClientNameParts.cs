using System.Data.Common;
using AiPlatform.Services.Api.Data;
using Dapper;

namespace AiPlatform.Services.Api.Clients;

/// <summary>
/// The ends of clients' folded names: "maya lind" is kept as "maya lind", "aya lind", "ya lind"... so that a word anywhere in a name is the beginning
/// of something on an index. Without it a search reads the names of the whole practice. Whoever writes a name writes its parts in the same transaction.
/// </summary>
internal static class ClientNameParts
{
    // Of code points. Longer ones narrow nothing down further.
    private const int Length = 12;

    /// <summary>The clients that may contain the longest of the words; the statement has <c>@practiceId</c> and still compares the whole names.</summary>
    public static string Condition(string clientColumn, IReadOnlyList<string> words, DynamicParameters parameters)
    {
        var beginning = Beginning(words.MaxBy(word => word.Length)!);
        parameters.Add("partFrom", beginning);
        parameters.Add("partTo", $"{beginning}\U0010FFFF");
        return $"""
            {clientColumn} in (
                select part.client_id from client_name_parts part
                where part.practice_id = @practiceId and part.part between @partFrom and @partTo)
            """;
    }

    public static Task InsertAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, IEnumerable<(Guid ClientId, string SearchName)> clients,
        CancellationToken cancellationToken) =>
        MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            "insert ignore into client_name_parts (practice_id, part, client_id)",
            clients.SelectMany(client => Of(client.SearchName).Select(part => (object?[])[practiceId, part, client.ClientId])),
            cancellationToken);

    /// <summary>For a client who got another name.</summary>
    public static async Task ReplaceAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, Guid clientId, string searchName, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from client_name_parts where client_id = @clientId and practice_id = @practiceId",
            new { practiceId, clientId },
            transaction,
            cancellationToken: cancellationToken));
        await InsertAsync(connection, transaction, practiceId, [(clientId, searchName)], cancellationToken);
    }

    private static IEnumerable<string> Of(string searchName)
    {
        for (var place = 0; place < searchName.Length; place++)
        {
            if (searchName[place] != ' ' && !char.IsLowSurrogate(searchName[place]))
            {
                yield return Beginning(searchName[place..]);
            }
        }
    }

    private static string Beginning(string text) => string.Concat(text.EnumerateRunes().Take(Length));
}
