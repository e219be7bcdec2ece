using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Api.Practitioners;
using Dapper;

namespace AiPlatform.Services.Api.Clients;

internal sealed class MySqlClientStore(Database database) : IClientStore
{
    private const string ListedColumns =
        """
        clients.id, clients.practitioner_id, clients.name, clients.status, clients.pronouns, clients.date_of_birth, clients.email, clients.phone,
        clients.started_at, practitioner.name as practitioner_name
        """;

    public Task<Client?> FindAsync(Guid practiceId, ClientScope scope, Guid id, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) =>
            {
                var row = await connection.QuerySingleOrDefaultAsync<ClientRow>(new CommandDefinition(
                    $"select {ClientRow.Columns} from clients where id = @id and practice_id = @practiceId and {scope.Condition("clients.id")}",
                    Parameters(practiceId, scope, new { id }),
                    cancellationToken: token));
                return row?.ToClient();
            },
            cancellationToken);

    public Task<bool> ExistsAsync(Guid practiceId, ClientScope scope, Guid id, CancellationToken cancellationToken) =>
        database.RunAsync(
            (connection, token) => connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                $"select count(*) from clients where id = @id and practice_id = @practiceId and {scope.Condition("clients.id")}",
                Parameters(practiceId, scope, new { id }),
                cancellationToken: token)),
            cancellationToken);

    public Task<IReadOnlyList<ListedClient>> ListAsync(Guid practiceId, ClientScope scope, ClientFilter filter, CancellationToken cancellationToken)
    {
        var parameters = Parameters(practiceId, scope, new { filter.Status, filter.PractitionerId, filter.Limit, inactive = ClientStatus.Inactive });
        var status = filter switch
        {
            { Status: not null } => "and clients.status = @Status",
            { IncludeInactive: false } => "and clients.status <> @inactive",
            _ => "",
        };
        var practitioner = filter.PractitionerId is null ? "" : "and clients.practitioner_id = @PractitionerId";
        var (place, order) = Place(filter.Order, parameters);
        var index = filter.PractitionerId is not null ? "" : Index(scope, filter.Order is ClientOrder.NewestFirst ? "clients_newest" : "clients_practice_name");
        return database.RunAsync<IReadOnlyList<ListedClient>>(
            async (connection, token) => [.. await connection.QueryAsync<ListedClient>(new CommandDefinition(
                $"""
                select {ListedColumns}
                from clients {index}
                {PractitionerNames.Join("clients.practitioner_id")}
                where clients.practice_id = @practiceId and {scope.Condition("clients.id")} {status} {practitioner} {place}
                order by {order}
                limit @Limit
                """,
                parameters,
                cancellationToken: token))],
            cancellationToken);
    }

    public Task<(IReadOnlyList<ListedClient> Clients, int Total)> SearchAsync(
        Guid practiceId, ClientScope scope, string query, int limit, CancellationToken cancellationToken) =>
        database.RunAsync<(IReadOnlyList<ListedClient>, int)>(
            async (connection, token) =>
            {
                var (condition, parameters) = Matching(practiceId, scope, query);
                parameters.Add("whole", NameFolding.Fold(query.Trim()));
                parameters.Add("limit", limit);
                if (Guid.TryParse(query, out var id))
                {
                    condition = "id = @id";
                    parameters.Add("id", id);
                }

                // Ranked and counted by what is on the index; the rest of the row is read for the few that are shown.
                var rows = (await connection.QueryAsync<ListedClient, long, (ListedClient Client, long Total)>(new CommandDefinition(
                    $"""
                    select {ListedColumns}, ranked.total
                    from (
                        select id as ranked_id, search_name as ranked_name, count(*) over () as total,
                            case
                                when search_name = @whole then 0
                                when instr(search_name, @whole) = 1 then 1
                                else 2
                            end as nearness
                        from clients
                        where practice_id = @practiceId and {scope.Condition("clients.id")} and {condition}
                        order by nearness, search_name, id
                        limit @limit) ranked
                    join clients on clients.id = ranked_id
                    {PractitionerNames.Join("clients.practitioner_id")}
                    order by nearness, ranked_name, ranked_id
                    """,
                    parameters,
                    cancellationToken: token), (client, total) => (client, total), splitOn: "total")).AsList();
                return ([.. rows.Select(row => row.Client)], (int)rows.Select(row => row.Total).FirstOrDefault());
            },
            cancellationToken);

    public Task<IReadOnlyList<Guid>> FindIdsAsync(Guid practiceId, ClientScope scope, string query, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<Guid>>(
            async (connection, token) =>
            {
                var (condition, parameters) = Matching(practiceId, scope, query);
                var ids = await connection.QueryAsync<Guid>(new CommandDefinition(
                    $"""
                    select id
                    from clients
                    where practice_id = @practiceId and {scope.Condition("clients.id")} and {condition}
                    order by search_name, id
                    limit 1000
                    """,
                    parameters,
                    cancellationToken: token));
                return [.. ids];
            },
            cancellationToken);

    public async Task<IReadOnlyDictionary<Guid, string>> FindNamesAsync(
        Guid practiceId, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return new Dictionary<Guid, string>();
        }

        return await database.RunAsync(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<(Guid Id, string Name)>(new CommandDefinition(
                    "select id, name from clients where practice_id = @practiceId and id in @ids",
                    new { practiceId, ids = ids.Distinct().Select(id => id.ToString()) },
                    cancellationToken: token));
                return rows.ToDictionary(row => row.Id, row => row.Name);
            },
            cancellationToken);
    }

    // One condition for each word, in any order: "lindqvist may" finds Maya Lindqvist.
    private static (string Condition, DynamicParameters Parameters) Matching(Guid practiceId, ClientScope scope, string query)
    {
        var words = NameFolding.Words(query);
        var parameters = Parameters(practiceId, scope);
        for (var index = 0; index < words.Count; index++)
        {
            parameters.Add($"word{index}", words[index]);
        }

        return words.Count == 0
            ? ("false", parameters)
            : ($"""
                {string.Join(" and ", words.Select((_, index) => $"instr(search_name, @word{index}) > 0"))}
                and {ClientNameParts.Condition("clients.id", words, parameters)}
                """, parameters);
    }

    // Where nothing narrows a practice: left alone, the server may rather sort all of it than walk its index, or walk it from the beginning.
    private static string Index(ClientScope scope, string name) => scope.IsWholePractice ? $"force index ({name})" : "";

    private static (string Condition, string Order) Place(ClientOrder order, DynamicParameters parameters)
    {
        switch (order)
        {
            case ClientOrder.NewestFirst newest:
                parameters.Add("afterDay", newest.After is { } after ? DateOnly.FromDateTime(after.Time.UtcDateTime) : (DateOnly?)null);
                parameters.Add("afterId", newest.After?.Id);
                return (newest.After is null ? "" : "and clients.started_at <= @afterDay and (clients.started_at < @afterDay or clients.id < @afterId)", "clients.started_at desc, clients.id desc");
            case ClientOrder.ByName named:
                parameters.Add("afterName", named.After?.Name);
                parameters.Add("afterId", named.After?.Id);
                return (named.After is null ? "" : "and clients.search_name >= @afterName and (clients.search_name > @afterName or clients.id > @afterId)", "clients.search_name, clients.id");
            default:
                throw new ArgumentOutOfRangeException(nameof(order), order, "Not an order.");
        }
    }

    private static DynamicParameters Parameters(Guid practiceId, ClientScope scope, object? others = null)
    {
        var parameters = new DynamicParameters(others);
        parameters.Add("practiceId", practiceId);
        scope.AddTo(parameters);
        return parameters;
    }
}
