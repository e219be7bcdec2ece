using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Api.Clients;

internal static class ClientEndpoints
{
    public static RouteGroupBuilder MapClients(this RouteGroupBuilder group)
    {
        group.WithTags("Clients");
        group.MapGet("/", ListAsync).WithName("ListClients");
        group.MapGet("/search", SearchAsync).WithName("SearchClients");
        group.MapGet("/{id:guid}", GetAsync).WithName("GetClient");
        group.MapGet("/{id:guid}/summary", SummariseAsync).WithName("GetClientSummary");
        return group;
    }

    private static async Task<Ok<ClientListResponse>> ListAsync(
        ClientService clients, CurrentUser user, [Range(1, 500)] int? limit, [StringLength(2000)] string? cursor, CancellationToken cancellationToken)
    {
        ClientCursor? after = null;
        if (cursor is not null && !ClientCursor.TryParse(cursor, out after))
        {
            throw new DomainException(DomainErrorKind.Invalid, "client.cursor_invalid", "The cursor is not one of this list.");
        }

        return TypedResults.Ok(await clients.ListAsync(user, after, limit ?? 100, cancellationToken));
    }

    private static async Task<Ok<ClientSearchResponse>> SearchAsync(
        ClientService clients,
        CurrentUser user,
        [Required, StringLength(200)] string query,
        [Range(1, 50)] int? limit,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await clients.SearchAsync(user, query, limit ?? 10, cancellationToken));

    private static async Task<Ok<ClientResponse>> GetAsync(
        Guid id, ClientService clients, CurrentUser user, CancellationToken cancellationToken) =>
        TypedResults.Ok(await clients.GetAsync(user, id, cancellationToken));

    private static async Task<Ok<ClientSummaryResponse>> SummariseAsync(
        Guid id, ClientService clients, CurrentUser user, bool? includeRecentSessions, CancellationToken cancellationToken) =>
        TypedResults.Ok(await clients.SummariseAsync(user, id, includeRecentSessions ?? true, cancellationToken));
}
