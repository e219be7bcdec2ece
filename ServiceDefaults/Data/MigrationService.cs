using System.Data.Common;
using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>
/// Brings the schema up to date before the service listens. Replicas that start together take turns under a server-side lock;
/// each migration has one row in schema_version and is applied once. Without a server the service listens all the same, so that its
/// health can say so, and calls are refused until the schema is there.
/// </summary>
internal sealed partial class MigrationService(
    Database database, EmbeddedMigrations embedded, IEnumerable<IAfterMigrations> followers, TimeSpan bound, TimeProvider timeProvider,
    ILogger<MigrationService> logger)
    : BackgroundService
{
    // Asked again until the bound: a wait on the server that nobody looks after would outlive its server.
    private const int LockWaitSeconds = 5;
    private static readonly TimeSpan WaitForServer = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(250);

    private volatile bool _isReached;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        database.NotPrepared = new DatabaseUnavailableException("The database could not be reached.", reason: DatabaseReasons.Unreachable);
        await base.StartAsync(cancellationToken);
        var applying = ExecuteTask!;
        do
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(applying, Task.Delay(WaitForServer, timeProvider, enough.Token));
            await enough.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
        while (!applying.IsCompleted && _isReached);

        if (applying.IsCompleted)
        {
            await applying;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var migrations = embedded.ReadAll();
        while (true)
        {
            try
            {
                await database.RunWithinAsync(bound, (connection, token) => ApplyAsync(connection, migrations, token), stoppingToken);
                database.NotPrepared = null;
                foreach (var follower in followers)
                {
                    await follower.RunAsync(stoppingToken);
                }

                return;
            }
            catch (DatabaseUnavailableException exception) when (!_isReached || exception.Reason != DatabaseReasons.Timeout)
            {
                _isReached = false;
                database.NotPrepared = exception;
                LogWaiting(exception.Message);
                await Task.Delay(BetweenTries, timeProvider, stoppingToken);
            }
        }
    }

    private async Task<bool> ApplyAsync(DbConnection connection, IReadOnlyList<Migration> migrations, CancellationToken cancellationToken)
    {
        _isReached = true;
        var lockName = $"aiplatform.migrations.{connection.Database}";
        while (await connection.ExecuteScalarAsync<int?>(
            new CommandDefinition("select get_lock(@lockName, @LockWaitSeconds)", new { lockName, LockWaitSeconds }, cancellationToken: cancellationToken)) != 1)
        {
            LogWaiting("another replica applies them.");
        }

        try
        {
            await ApplyMissingAsync(connection, migrations, cancellationToken);
            return true;
        }
        finally
        {
            await connection.ExecuteAsync(new CommandDefinition("do release_lock(@lockName)", new { lockName }, cancellationToken: CancellationToken.None));
        }
    }

    private async Task ApplyMissingAsync(DbConnection connection, IReadOnlyList<Migration> migrations, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            """
            create table if not exists schema_version (
                version int not null primary key,
                name varchar(200) not null,
                applied_at datetime(6) not null
            ) character set utf8mb4
            """,
            cancellationToken: cancellationToken));
        var applied = (await connection.QueryAsync<int>(
            new CommandDefinition("select version from schema_version", cancellationToken: cancellationToken))).ToHashSet();

        foreach (var migration in migrations.Where(migration => !applied.Contains(migration.Version)))
        {
            var started = Stopwatch.GetTimestamp();

            // DDL commits by itself, so a migration that broke off midway runs again: its statements must bear that.
            foreach (var statement in migration.Statements())
            {
                await connection.ExecuteAsync(
                    new CommandDefinition(statement, commandTimeout: (int)bound.TotalSeconds, cancellationToken: cancellationToken));
            }

            await connection.ExecuteAsync(new CommandDefinition(
                "insert into schema_version (version, name, applied_at) values (@Version, @Name, @AppliedAt)",
                new { migration.Version, migration.Name, AppliedAt = timeProvider.GetUtcNow() },
                cancellationToken: cancellationToken));
            LogApplied(migration.Version, migration.Name, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    [LoggerMessage(LogLevel.Information, "Applied migration {Version} {Name} in {Milliseconds:0} ms.")]
    private partial void LogApplied(int version, string name, double milliseconds);

    [LoggerMessage(LogLevel.Warning, "The database is not ready for migrations yet: {Reason}")]
    private partial void LogWaiting(string reason);
}
