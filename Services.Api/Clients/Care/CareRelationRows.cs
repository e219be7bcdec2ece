using System.Data.Common;
using AiPlatform.ServiceDefaults.Errors;
using Dapper;

namespace AiPlatform.Services.Api.Clients.Care;

/// <summary>Writes who treats whom inside somebody's transaction. Whoever does holds the client's row, so that no two arrange at once.</summary>
internal static class CareRelationRows
{
    public const string Columns = "id, client_id, practitioner_id, kind, started_on, ended_on, created_at, version";

    /// <returns>The client's main practitioner.</returns>
    public static async Task<Guid> LockClientAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, Guid clientId, CancellationToken cancellationToken) =>
        await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            "select practitioner_id from clients where id = @clientId and practice_id = @practiceId for update",
            new { practiceId, clientId },
            transaction,
            cancellationToken: cancellationToken)) ?? throw ClientAccess.NotFound();

    /// <exception cref="DomainException">It meets another of the same pair, or is main for somebody who is not.</exception>
    public static async Task EnsureFitsAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, Guid mainPractitionerId, CareRelation relation, DateOnly today,
        CancellationToken cancellationToken)
    {
        if (relation.Kind is CareKind.Main && relation.PractitionerId != mainPractitionerId && relation.StatusOn(today) is not CareStatus.Past)
        {
            throw new DomainException(DomainErrorKind.Conflict, "care.not_main", "The client's main practitioner is another one; the client's record says who.");
        }

        if (relation.EndedOn == relation.StartedOn)
        {
            return;
        }

        var other = await connection.QueryFirstOrDefaultAsync<Guid?>(new CommandDefinition(
            """
            select id from care_relations
            where practice_id = @practiceId and practitioner_id = @PractitionerId and client_id = @ClientId and id <> @Id
              and (@EndedOn is null or started_on < @EndedOn)
              and (ended_on is null or (ended_on > @StartedOn and ended_on > started_on))
            limit 1
            for update
            """,
            new { practiceId, relation.PractitionerId, relation.ClientId, relation.Id, relation.StartedOn, relation.EndedOn },
            transaction,
            cancellationToken: cancellationToken));
        if (other is not null)
        {
            throw new DomainException(DomainErrorKind.Conflict, "care.overlap", "The practitioner treats the client on some of these days already.");
        }
    }

    public static Task InsertAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, CareRelation relation, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            insert into care_relations (id, practice_id, client_id, practitioner_id, kind, started_on, ended_on, created_at, version)
            values (@Id, @practiceId, @ClientId, @PractitionerId, @Kind, @StartedOn, @EndedOn, @CreatedAt, @Version)
            """,
            new
            {
                practiceId,
                relation.Id,
                relation.ClientId,
                relation.PractitionerId,
                relation.Kind,
                relation.StartedOn,
                relation.EndedOn,
                relation.CreatedAt,
                relation.Version,
            },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>
    /// Hands a client over to another main practitioner: what is main ends on the day the new relation begins, and so does whatever the new
    /// one had until then, which goes on in it.
    /// </summary>
    /// <returns>The relations that ended.</returns>
    public static async Task<IReadOnlyList<Guid>> HandOverAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, CareRelation next, CancellationToken cancellationToken)
    {
        List<Guid> ending = [.. await connection.QueryAsync<Guid>(new CommandDefinition(
            """
            select id from care_relations
            where practice_id = @practiceId and client_id = @ClientId and (kind = 'main' or practitioner_id = @PractitionerId)
              and (ended_on is null or (ended_on > @StartedOn and ended_on > started_on))
            order by id
            for update
            """,
            new { practiceId, next.ClientId, next.PractitionerId, next.StartedOn },
            transaction,
            cancellationToken: cancellationToken))];
        if (ending.Count > 0)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                """
                update care_relations
                set ended_on = greatest(started_on, @StartedOn), version = version + 1
                where practice_id = @practiceId and id in @ids
                """,
                new { practiceId, next.StartedOn, ids = ending.Select(id => id.ToString()) },
                transaction,
                cancellationToken: cancellationToken));
        }

        await InsertAsync(connection, transaction, practiceId, next, cancellationToken);
        return ending;
    }
}
