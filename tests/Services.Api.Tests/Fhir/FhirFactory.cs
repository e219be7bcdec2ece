using AiPlatform.ServiceDefaults.Data;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.Fhir;

/// <summary>The sample practices, each record changed at a known time.</summary>
public sealed class FhirFactory : ApiFactory, IAsyncLifetime
{
    public const string Maya = "0a000000-0000-7000-8000-000000000301";
    public const string Tom = "0a000000-0000-7000-8000-000000000302";
    public const string Nora = "0a000000-0000-7000-8000-000000000101";
    public const string MayasSession = "0a000000-0000-7000-8000-000000040104";
    public const string TomsSession = "0a000000-0000-7000-8000-000000040201";

    /// <summary>Of every client, practitioner and session that has no time of its own.</summary>
    public const string Changed = "2026-11-01T08:00:00.000001";

    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        await ExecuteAsync($"update clients set updated_at = '{Changed}'");
        await ExecuteAsync($"update practitioners set updated_at = '{Changed}'");
        await ExecuteAsync($"update clinical_sessions set updated_at = '{Changed}'");
    }

    public Task<int> ExecuteAsync(string sql) => Services.GetRequiredService<Database>().RunAsync(
        (connection, token) => connection.ExecuteAsync(new CommandDefinition(sql, cancellationToken: token)), CancellationToken.None);
}
