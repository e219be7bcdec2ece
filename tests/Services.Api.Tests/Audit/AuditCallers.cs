using System.Net.Http.Headers;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Identity;
using AiPlatform.Tests.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.Audit;

/// <summary>Callers of any practice, also of one that exists in the test only, and the tables behind the service's back.</summary>
internal static class AuditCallers
{
    public static async Task<HttpClient> CreateCallerAsync(this ApiFactory factory, UserRole role, Guid practiceId, Guid? userId = null)
    {
        var issuer = factory.Services.GetRequiredService<TokenIssuer>();
        var user = new User(userId ?? Guid.CreateVersion7(), practiceId, "x@practice.example", role, "X", null, null, null);
        var token = role is UserRole.Service
            ? await issuer.IssueServiceTokenAsync(user.Id, practiceId, CancellationToken.None)
            : await issuer.IssueAccessTokenAsync(user, Guid.CreateVersion7(), CancellationToken.None);
        var client = factory.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        return client;
    }

    public static Task ExecuteAsync(this ApiFactory factory, string sql, object? parameters = null) =>
        factory.Services.GetRequiredService<Database>().RunAsync(
            (connection, token) => connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: token)), CancellationToken.None);

    public static Task<T?> ReadAsync<T>(this ApiFactory factory, string sql, object? parameters = null) =>
        factory.Services.GetRequiredService<Database>().RunAsync(
            (connection, token) => connection.ExecuteScalarAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: token)), CancellationToken.None);

    /// <summary>What was recorded under a correlation id, a line each, once as many events as expected have come: reads are recorded soon, not at once.</summary>
    public static async Task<string?> ReadAuditAsync(this ApiFactory factory, string correlationId, int events)
    {
        await Eventually.BecomesTrueAsync(
            async () => await factory.ReadAsync<long>("select count(*) from audit_events where correlation_id = @correlationId", new { correlationId }) >= events,
            $"the audit to have {events} events under {correlationId}");
        return await factory.ReadAsync<string>(
            """
            select group_concat(concat_ws(' ', role, action, record_type, record_id, outcome) order by sequence_number separator '\n')
            from audit_events where correlation_id = @correlationId
            """,
            new { correlationId });
    }
}
