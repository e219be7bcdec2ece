using System.Data.Common;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Data;
using Dapper;

namespace AiPlatform.Services.Api.Practices;

internal sealed class MySqlPracticeStore(Database database, CreateOnce creates, AuditTrail audit) : IPracticeStore
{
    public Task<Practice?> FindAsync(Guid practiceId, CancellationToken cancellationToken) =>
        database.RunAsync((connection, token) => FindAsync(connection, null, practiceId, token), cancellationToken);

    public Task<Practice?> ChangeAsync(
        Guid practiceId, Func<Practice, Practice> change, AuditEntry audited, CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            (connection, transaction, token) => ChangeAsync(connection, transaction, practiceId, change, audited, token), cancellationToken);

    public Task<(Guid Id, bool Created)> AddLocationAsync(
        Guid practiceId, WriteKey key, Guid id, Func<Practice, Practice> change, AuditEntry audited, CancellationToken cancellationToken) =>
        creates.RunAsync(
            practiceId, key, id, audited.OccurredAt,
            async (connection, transaction, token) =>
                _ = await ChangeAsync(connection, transaction, practiceId, change, audited, token) ?? throw PracticeAccess.NotFound(),
            cancellationToken);

    private async Task<Practice?> ChangeAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, Func<Practice, Practice> change, AuditEntry audited,
        CancellationToken cancellationToken)
    {
        if (await FindAsync(connection, transaction, practiceId, cancellationToken) is not { } found)
        {
            return null;
        }

        var changed = change(found) with { Version = found.Version + 1 };
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update practices
            set name = @Name, owner_name = @OwnerName, email = @Email, phone = @Phone, time_zone = @TimeZone,
                session_fee_minor = @SessionFeeMinor, currency = @Currency, version = @Version
            where id = @Id
            """,
            Row.From(changed),
            transaction,
            cancellationToken: cancellationToken));
        await ReplacePartsAsync(connection, transaction, practiceId, changed, cancellationToken);
        await audit.AppendAsync(connection, transaction, practiceId, audited, cancellationToken);
        return changed;
    }

    // A practice has few of both: writing them anew is simpler than telling what moved.
    private static async Task ReplacePartsAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, Practice practice, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from practice_contacts where practice_id = @practiceId", new { practiceId }, transaction, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from practice_locations where practice_id = @practiceId", new { practiceId }, transaction, cancellationToken: cancellationToken));
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            "insert into practice_contacts (practice_id, position, kind, name, email, phone)",
            practice.Contacts.Select((contact, position) => (object?[])
                [practiceId, position, contact.Kind, contact.Name, contact.Email, contact.Phone]),
            cancellationToken);
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            "insert into practice_locations (id, practice_id, name, street, city, postcode, country)",
            practice.Locations.Select(location => (object?[])
                [location.Id, practiceId, location.Name, location.Street, location.City, location.Postcode, location.Country]),
            cancellationToken);
    }

    // Within a transaction the practice's row is held until its end, and with it contacts and locations: nobody writes those without it.
    private static async Task<Practice?> FindAsync(
        DbConnection connection, DbTransaction? transaction, Guid practiceId, CancellationToken cancellationToken)
    {
        var practice = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"""
            select id, name, owner_name, email, phone, time_zone, session_fee_minor, currency, version
            from practices
            where id = @practiceId {(transaction is null ? "" : "for update")}
            """,
            new { practiceId },
            transaction,
            cancellationToken: cancellationToken));
        if (practice is null)
        {
            return null;
        }

        var contacts = await connection.QueryAsync<PracticeContact>(new CommandDefinition(
            "select kind, name, email, phone from practice_contacts where practice_id = @practiceId order by position",
            new { practiceId },
            transaction,
            cancellationToken: cancellationToken));
        var locations = await connection.QueryAsync<PracticeLocation>(new CommandDefinition(
            "select id, name, street, city, postcode, country from practice_locations where practice_id = @practiceId order by name, id",
            new { practiceId },
            transaction,
            cancellationToken: cancellationToken));
        return practice.ToPractice() with { Contacts = [.. contacts], Locations = [.. locations] };
    }

    private sealed record Row(
        Guid Id, string Name, string OwnerName, string Email, string Phone, string TimeZone, int? SessionFeeMinor, string? Currency, int Version)
    {
        public static Row From(Practice from) =>
            new(from.Id, from.Name, from.OwnerName, from.Email, from.Phone, from.TimeZone, from.SessionFeeMinor, from.Currency, from.Version);

        public Practice ToPractice() => new(Id, Name, OwnerName, Email, Phone, TimeZone, SessionFeeMinor, Currency, Version);
    }
}
