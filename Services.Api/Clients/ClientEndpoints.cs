using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Api.Clients;

internal static class ClientEndpoints
{
    public static RouteGroupBuilder MapClients(this RouteGroupBuilder group)
    {
        group.WithTags("Clients");
        group.MapGet("/", ListAsync).WithName("ListClients");
        group.MapGet("/search", SearchAsync).WithName("SearchClients");
        group.MapGet("/{id:guid}", GetAsync).WithName("GetClient").WithProblems(404, "client.not_found");
        group.MapGet("/{id:guid}/summary", SummariseAsync).WithName("GetClientSummary").WithProblems(404, "client.not_found");
        return group;
    }

    /// <summary>Lists the clients the caller may see, by name.</summary>
    internal static async Task<Ok<ClientListResponse>> ListAsync(
        ClientService clients, CurrentUser user, [Range(1, 500)] int? limit, [StringLength(2000)] string? cursor, CancellationToken cancellationToken)
    {
        ClientCursor? after = null;
        if (cursor is not null && !ClientCursor.TryParse(cursor, out after))
        {
            throw TimeCursor.Invalid();
        }

        return TypedResults.Ok(await clients.ListAsync(user, after, limit ?? 100, cancellationToken));
    }

    /// <summary>Finds clients by parts of their names.</summary>
    /// <remarks>Accents and case do not matter. The best matches come first.</remarks>
    /// <param name="query" example="Lindqvist">What to look for.</param>
    internal static async Task<Ok<ClientSearchResponse>> SearchAsync(
        ClientService clients,
        CurrentUser user,
        [Required, StringLength(200)] string query,
        [Range(1, 50)] int? limit,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await clients.SearchAsync(user, query, limit ?? 10, cancellationToken));

    /// <summary>Shows one client with contact data.</summary>
    internal static async Task<Ok<ClientResponse>> GetAsync(
        Guid id, ClientService clients, CurrentUser user, CancellationToken cancellationToken) =>
        TypedResults.Ok(await clients.GetAsync(user, id, cancellationToken));

    /// <summary>Sums up what is known of a client: concerns, goals, notes, the last sessions.</summary>
    /// <param name="includeRecentSessions" example="true">Whether to list the last five sessions; true when absent.</param>
    internal static async Task<Ok<ClientSummaryResponse>> SummariseAsync(
        Guid id, ClientService clients, CurrentUser user, bool? includeRecentSessions, CancellationToken cancellationToken) =>
        TypedResults.Ok(await clients.SummariseAsync(user, id, includeRecentSessions ?? true, cancellationToken));
}
