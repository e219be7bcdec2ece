using System.Data.Common;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.ClinicalSessions;
using Dapper;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Data.Sample;

/// <summary>
/// Puts the sample practices into the tables before the service listens. Each edition of the data is loaded once, in one
/// transaction; what somebody changed or deleted afterwards stays so.
/// </summary>
internal sealed partial class SampleLoader(
    Database database, IOptions<SampleOptions> options, IHostEnvironment environment, TimeProvider timeProvider, ILogger<SampleLoader> logger)
    : IAfterMigrations
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Load ?? environment.IsDevelopment())
        {
            await LoadAsync(cancellationToken);
        }
    }

    /// <returns><see langword="false"/> when this edition was there already.</returns>
    public async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        var data = SampleData.Read();
        var now = timeProvider.GetUtcNow();
        var loaded = await database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                // The row is also the lock: a second replica waits here, and then has nothing to do.
                var first = await connection.ExecuteAsync(new CommandDefinition(
                    "insert ignore into sample_loads (fingerprint, loaded_at) values (@Fingerprint, @now)",
                    new { data.Fingerprint, now },
                    transaction,
                    cancellationToken: token));
                if (first == 0)
                {
                    return false;
                }

                await InsertPeopleAsync(connection, transaction, data.People, now, token);
                await InsertCareRelationsAsync(connection, transaction, data.People, now, token);
                await SampleConsent.InsertAsync(connection, transaction, data.Consents, now, token);
                await InsertSessionsAsync(connection, transaction, data, now, token);
                await data.Homework.InsertAsync(connection, transaction, now, token);
                await SampleViolation.InsertAsync(connection, transaction, data.Violations, token);
                await SampleReport.InsertAsync(connection, transaction, data.Reports, token);
                return true;
            },
            cancellationToken);
        if (loaded)
        {
            LogLoaded(data.People.Clients.Count, data.Sessions.Count);
        }

        return loaded;
    }

    // "ignore", because an earlier edition may have brought the same people.
    private static async Task InsertPeopleAsync(
        DbConnection connection, DbTransaction transaction, SamplePeople people, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            "insert ignore into practices (id, name, owner_name, email, phone, time_zone, session_fee_minor, currency, created_at)",
            people.Practices.Select(practice => (object?[])
            [
                practice.Id, practice.Name, practice.OwnerName, practice.Email, practice.Phone, practice.TimeZone, practice.SessionFeeMinor,
                practice.Currency, now,
            ]),
            cancellationToken);
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            "insert ignore into practice_contacts (practice_id, position, kind, name, email, phone)",
            people.Practices.SelectMany(practice => practice.Contacts.Select((contact, position) => (object?[])
                [practice.Id, position, contact.Kind, contact.Name, contact.Email, contact.Phone])),
            cancellationToken);
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            "insert ignore into practice_locations (id, practice_id, name, street, city, postcode, country)",
            people.Practices.SelectMany(practice => practice.Locations.Select(location => (object?[])
                [location.Id, practice.Id, location.Name, location.Street, location.City, location.Postcode, location.Country])),
            cancellationToken);
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            "insert ignore into practitioners (id, practice_id, name, title, email, phone, specialities, session_fee_minor, active, created_at)",
            people.Practitioners.Select(practitioner => (object?[])
            [
                practitioner.Id, practitioner.PracticeId, practitioner.Name, practitioner.Title, practitioner.Email, practitioner.Phone,
                JsonSerializer.Serialize(practitioner.Specialities), practitioner.SessionFeeMinor, practitioner.Active, now,
            ]),
            cancellationToken);
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            """
            insert ignore into users
                (id, practice_id, email, password_hash, role, display_name, profile_id, client_id, customer_id, active, created_at)
            """,
            people.Users.Select(user => (object?[])
            [
                user.Id, user.PracticeId, user.Email, user.PasswordHash, user.Role, user.DisplayName,
                user.ProfileId, user.ClientId, user.CustomerId, true, now,
            ]),
            cancellationToken);
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            """
            insert ignore into clients
                (id, practice_id, practitioner_id, name, search_name, status, pronouns, date_of_birth, email, phone, started_at,
                 presenting_concerns, goals, notes, created_at)
            """,
            people.Clients.Select(client => (object?[])
            [
                client.Id, client.PracticeId, client.PractitionerId, client.Name, NameFolding.Fold(client.Name), client.Status,
                client.Pronouns, client.DateOfBirth, client.Email, client.Phone, client.StartedAt, client.PresentingConcerns,
                JsonSerializer.Serialize(client.Goals), client.Notes, now,
            ]),
            cancellationToken);
        foreach (var practice in people.Clients.GroupBy(client => client.PracticeId))
        {
            await ClientNameParts.InsertAsync(
                connection, transaction, practice.Key, practice.Select(client => (client.Id, NameFolding.Fold(client.Name))), cancellationToken);
        }
    }

    // For whom nobody has arranged anything: people of an earlier edition have got relations when the table was made.
    private static async Task InsertCareRelationsAsync(
        DbConnection connection, DbTransaction transaction, SamplePeople people, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var treated = (await connection.QueryAsync<Guid>(new CommandDefinition(
            "select client_id from care_relations where client_id in @ids",
            new { ids = people.Clients.Select(client => client.Id.ToString()) },
            transaction,
            cancellationToken: cancellationToken))).ToHashSet();
        var practices = people.Clients.ToDictionary(client => client.Id, client => client.PracticeId);
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            "insert into care_relations (id, practice_id, client_id, practitioner_id, kind, started_on, ended_on, created_at, version)",
            people.CareRelations.Where(relation => !treated.Contains(relation.ClientId)).Select(relation => (object?[])
            [
                relation.Id, practices[relation.ClientId], relation.ClientId, relation.PractitionerId, relation.Kind, relation.StartedOn,
                relation.EndedOn, now, 1,
            ]),
            cancellationToken);
    }

    private static async Task InsertSessionsAsync(
        DbConnection connection, DbTransaction transaction, SampleData data, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = (await connection.QueryAsync<Guid>(new CommandDefinition(
            "select id from clinical_sessions where id in @ids",
            new { ids = data.Sessions.Select(session => session.Id.ToString()) },
            transaction,
            cancellationToken: cancellationToken))).ToHashSet();
        var clients = data.People.Clients.ToDictionary(client => client.Id);
        var missing = data.Sessions.Where(session => !known.Contains(session.Id));
        foreach (var practice in missing.GroupBy(session => clients[session.ClientId].PracticeId))
        {
            await ClinicalSessionRows.InsertAsync(
                connection, transaction, practice.Key, [.. practice.Select(session => ToRows(session, clients[session.ClientId]))], now, cancellationToken);
        }
    }

    private static (ClinicalSession Session, IReadOnlyList<TranscriptSegment> Segments) ToRows(SampleSession session, SampleClient client) =>
        (new(
            session.Id, client.Id, client.PractitionerId, session.Title, session.StartedAt, session.DurationSeconds, session.Segments.Count,
            session.AverageConfidence, SessionStatus.Held, TranscriptExpiredAt: null, Version: 1),
        [.. session.Segments.Select(segment => new TranscriptSegment(segment.Speaker, segment.StartMs, segment.Text))]);

    [LoggerMessage(LogLevel.Information, "Loaded the sample practices: {Clients} clients, {Sessions} sessions.")]
    private partial void LogLoaded(int clients, int sessions);
}
