using AiPlatform.Load.Seeding;
using Dapper;

namespace AiPlatform.Load.Requests;

/// <summary>Takes what a run adds to the practice's audit out again, so that every run begins with the same rows.</summary>
internal sealed class SeededTrail : IAsyncDisposable
{
    private readonly SeededServer _server;
    private readonly SeedPractice _practice;
    private readonly (long SequenceNumber, string Hash) _end;

    private SeededTrail(SeededServer server, SeedPractice practice, (long, string) end)
    {
        _server = server;
        _practice = practice;
        _end = end;
    }

    public static async Task<SeededTrail> RememberAsync(SeededServer server, SeedPractice practice, CancellationToken cancellationToken) =>
        new(server, practice, await server.Database.RunAsync(
            (connection, token) => connection.QuerySingleAsync<(long, string)>(new CommandDefinition(
                "select sequence_number, hash from audit_heads where practice_id = @Id", new { practice.Id }, cancellationToken: token)),
            cancellationToken));

    public async ValueTask DisposeAsync() => await _server.Database.RunInTransactionAsync(
        async (connection, transaction, token) =>
        {
            var end = new { _practice.Id, _end.SequenceNumber, _end.Hash };
            await connection.ExecuteAsync(new CommandDefinition(
                "delete from audit_events where practice_id = @Id and sequence_number > @SequenceNumber", end, transaction, commandTimeout: 0, cancellationToken: token));
            await connection.ExecuteAsync(new CommandDefinition(
                "update audit_heads set sequence_number = @SequenceNumber, hash = @Hash where practice_id = @Id", end, transaction, cancellationToken: token));
        },
        CancellationToken.None);
}
