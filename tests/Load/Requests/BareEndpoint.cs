using System.Text.Json.Serialization;
using AiPlatform.ServiceDefaults.Data;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Load.Requests;

/// <summary>
/// What the session list is measured against: Kestrel, the statement that reads a page of sessions, its rows as JSON. No caller, no names of
/// people, no audit. A process of its own, as the service is one.
/// </summary>
internal static class BareEndpoint
{
    /// <summary>The hidden argument that makes this program the endpoint.</summary>
    public const string Argument = "bare-endpoint";

    public static async Task RunAsync()
    {
        DapperHandlers.Register();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, BareJsonContext.Default));
        await using var database = new Database(
            builder.Configuration.GetConnectionString("practicedb")!, Options.Create(new DatabaseOptions()), TimeProvider.System);
        await using var app = builder.Build();
        app.MapGet("/alive", () => "alive");
        app.MapGet("/sessions", (Guid practiceId, int limit, CancellationToken cancellationToken) => ReadAsync(database, practiceId, limit, cancellationToken));
        await app.RunAsync();
    }

    private static Task<BareSession[]> ReadAsync(Database database, Guid practiceId, int limit, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) => (await connection.QueryAsync<BareSession>(new CommandDefinition(
                """
                select id, client_id, practitioner_id, title, started_at, duration_seconds, total_segments, average_confidence
                from clinical_sessions
                where practice_id = @practiceId
                order by started_at desc, id desc
                limit @limit
                """,
                new { practiceId, limit },
                cancellationToken: token))).ToArray(),
            cancellationToken);
}

internal sealed record BareSession(
    Guid Id, Guid ClientId, Guid PractitionerId, string Title, DateTimeOffset StartedAt, int DurationSeconds, int TotalSegments, double? AverageConfidence);

[JsonSerializable(typeof(BareSession[]))]
internal sealed partial class BareJsonContext : JsonSerializerContext;
