using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients.Care;
using Dapper;

namespace AiPlatform.Services.Api.Clients;

/// <summary>Writes clients together with who treats them: a record, what it is found by, its relations and what the audit says in one transaction.</summary>
internal sealed class ClientRecords(Database database, CreateOnce creates, AuditTrail audit)
{
    /// <param name="care">The relation with the main practitioner.</param>
    /// <returns>The id of the client of this key, and whether this call made them.</returns>
    public Task<(Guid Id, bool Created)> AddAsync(
        Guid practiceId, WriteKey key, Client client, CareRelation care, AuditEntry audited, CancellationToken cancellationToken) =>
        creates.RunAsync(
            practiceId, key, client.Id, care.CreatedAt,
            async (connection, transaction, token) =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    insert into clients
                        (id, practice_id, practitioner_id, name, search_name, status, pronouns, date_of_birth, email, phone, started_at,
                         presenting_concerns, goals, notes, created_at, version)
                    values
                        (@Id, @practiceId, @PractitionerId, @Name, @searchName, @Status, @Pronouns, @DateOfBirth, @Email, @Phone, @StartedAt,
                         @PresentingConcerns, @Goals, @Notes, @createdAt, @Version)
                    """,
                    Parameters(practiceId, client, care.CreatedAt),
                    transaction,
                    cancellationToken: token));
                await ClientNameParts.InsertAsync(connection, transaction, practiceId, [(client.Id, NameFolding.Fold(client.Name))], token);
                await CareRelationRows.InsertAsync(connection, transaction, practiceId, care, token);
                await audit.AppendAsync(
                    connection, transaction, practiceId, [audited, audited.Of(AuditActions.CareArranged, AuditRecords.CareRelation, care.Id)], token);
            },
            cancellationToken);

    /// <summary>Changes the client while nobody else can; <paramref name="change"/> may refuse, and may run again.</summary>
    /// <param name="handOver">Makes the relation of another main practitioner.</param>
    public Task<Client> ChangeAsync(
        Guid practiceId, Guid id, Func<Client, Client> change, Func<Client, CareRelation> handOver, AuditEntry audited, CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                var row = await connection.QuerySingleOrDefaultAsync<ClientRow>(new CommandDefinition(
                    $"select {ClientRow.Columns} from clients where id = @id and practice_id = @practiceId for update",
                    new { practiceId, id },
                    transaction,
                    cancellationToken: token));
                var found = row?.ToClient() ?? throw ClientAccess.NotFound();
                var changed = change(found) with { Version = found.Version + 1 };
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    update clients
                    set practitioner_id = @PractitionerId, name = @Name, search_name = @searchName, status = @Status, pronouns = @Pronouns,
                        date_of_birth = @DateOfBirth, email = @Email, phone = @Phone, started_at = @StartedAt,
                        presenting_concerns = @PresentingConcerns, goals = @Goals, notes = @Notes, version = @Version
                    where id = @Id and practice_id = @practiceId
                    """,
                    Parameters(practiceId, changed),
                    transaction,
                    cancellationToken: token));

                if (changed.Name != found.Name)
                {
                    await ClientNameParts.ReplaceAsync(connection, transaction, practiceId, id, NameFolding.Fold(changed.Name), token);
                }

                List<AuditEntry> entries = [audited];
                if (changed.PractitionerId != found.PractitionerId)
                {
                    var next = handOver(changed);
                    var ended = await CareRelationRows.HandOverAsync(connection, transaction, practiceId, next, token);
                    entries.AddRange(ended.Select(relation => audited.Of(AuditActions.CareChanged, AuditRecords.CareRelation, relation)));
                    entries.Add(audited.Of(AuditActions.CareArranged, AuditRecords.CareRelation, next.Id));
                }

                await audit.AppendAsync(connection, transaction, practiceId, entries, token);
                return changed;
            },
            cancellationToken);

    private static DynamicParameters Parameters(Guid practiceId, Client client, DateTimeOffset? createdAt = null)
    {
        var parameters = new DynamicParameters(ClientRow.From(client));
        parameters.AddDynamicParams(new { practiceId, searchName = NameFolding.Fold(client.Name), createdAt });
        return parameters;
    }
}
