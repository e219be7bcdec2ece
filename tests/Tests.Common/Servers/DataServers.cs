namespace AiPlatform.Tests.Common;

/// <summary>
/// One Redis and one MariaDB for all tests of a process, started when the first test asks and ended with the process. Tests keep
/// apart by a database of their own and by practice ids of their own, which are in every Redis key.
/// </summary>
public sealed class DataServers
{
    private static readonly Lazy<Task<DataServers>> Shared = new(StartSharedAsync);

    private DataServers(RedisServer redis, MariaDbServer mariaDb)
    {
        Redis = redis;
        MariaDb = mariaDb;
    }

    public RedisServer Redis { get; }

    public MariaDbServer MariaDb { get; }

    public string RedisConnectionString => Redis.ConnectionString;

    public static Task<DataServers> StartAsync() => Shared.Value;

    /// <inheritdoc cref="MariaDbServer.CreateDatabaseAsync"/>
    public Task<string> CreateDatabaseAsync(string prefix, CancellationToken cancellationToken = default) =>
        MariaDb.CreateDatabaseAsync(prefix, cancellationToken);

    private static async Task<DataServers> StartSharedAsync()
    {
        var redis = RedisServer.StartAsync();
        var mariaDb = MariaDbServer.StartAsync();
        return new(await redis, await mariaDb);
    }
}
