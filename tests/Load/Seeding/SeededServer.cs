using System.Reflection;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Api.ClinicalSessions;
using AiPlatform.Tests.Common;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Load.Seeding;

/// <summary>The MariaDB whose data is kept, with the product's schema as of now and what was noted down about its seed.</summary>
internal sealed class SeededServer : IAsyncDisposable
{
    private const string PracticeDatabase = "practice";
    private static readonly TimeSpan MigrationsTake = TimeSpan.FromHours(1);
    private static readonly Assembly Migrations = typeof(ClinicalSessionRows).Assembly;

    private readonly MariaDbServer _server;

    private SeededServer(MariaDbServer server)
    {
        _server = server;

        // As many connections as batches are written at once; the longest is the one at whose end the full-text index is merged.
        Database = new(ConnectionString, Options.Create(new DatabaseOptions { Connections = 4, TimeoutSeconds = 300 }), TimeProvider.System);
    }

    public string ConnectionString => $"{_server.ConnectionString};Database={PracticeDatabase}";

    public Database Database { get; }

    public int ProcessId => _server.ProcessId;

    public static async Task<SeededServer> OpenAsync(string folder, CancellationToken cancellationToken)
    {
        var server = new SeededServer(await MariaDbServer.StartKeptAsync(folder, cancellationToken));
        try
        {
            await server.PrepareAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>What lies in the folder; null before the first seed.</summary>
    public Task<SeedPlan?> FindPlanAsync(CancellationToken cancellationToken) =>
        Database.RunAsync(
            async (connection, token) =>
                await connection.QuerySingleOrDefaultAsync<SeedPlan?>(new CommandDefinition("select scale, day from seeding.plan", cancellationToken: token)),
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await _server.DisposeAsync();
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        DapperHandlers.Register();
        await _server.EnsureDatabaseAsync(PracticeDatabase, cancellationToken);
        await _server.EnsureDatabaseAsync("seeding", cancellationToken);
        using var migrations = new MigrationService(
            Database, new(Migrations), [], MigrationsTake, TimeProvider.System, NullLogger<MigrationService>.Instance);
        await migrations.StartAsync(cancellationToken);
        await migrations.ExecuteTask!;
        await Database.RunAsync(
            async (connection, token) =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    "create table if not exists seeding.plan (scale double not null primary key, day date not null)", cancellationToken: token));
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    create table if not exists seeding.batches (
                        seed varchar(40) character set ascii not null,
                        practice int not null,
                        first int not null,
                        primary key (seed, practice, first))
                    """,
                    cancellationToken: token));
            },
            cancellationToken);
    }
}
