using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
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
        group.MapGet("/{id:guid}", GetAsync).WithName("GetClient").WithETag().WithProblems(404, "client.not_found");
        group.MapGet("/{id:guid}/summary", SummariseAsync).WithName("GetClientSummary").WithProblems(404, "client.not_found");
        group.MapClientRecords();
        return group;
    }

    /// <summary>Lists the clients the caller may see, by name or with the latest start of treatment first.</summary>
    /// <param name="status" example="active">Only those in this state.</param>
    /// <param name="includeInactive" example="false">Whether those who are not treated any more are listed too; false when absent.</param>
    /// <param name="practitionerId" example="0a000000-0000-7000-8000-000000000101">Only those whose main practitioner it is.</param>
    /// <param name="sort" example="name">By name when absent.</param>
    internal static async Task<Ok<ClientListResponse>> ListAsync(
        ClientService clients,
        CurrentUser user,
        [AllowedValues(null, ClientStatus.New, ClientStatus.Active, ClientStatus.Paused, ClientStatus.Inactive)] string? status,
        bool? includeInactive,
        Guid? practitionerId,
        [AllowedValues(null, "name", "newest")] string? sort,
        [Range(1, 500)] int? limit,
        [StringLength(2000)] string? cursor,
        CancellationToken cancellationToken)
    {
        ClientOrder order = sort is "newest" ? new ClientOrder.NewestFirst(TimeCursor.Parse(cursor)) : new ClientOrder.ByName(NameCursor.Parse(cursor));
        var filter = new ClientFilter(status, includeInactive ?? false, practitionerId, order, limit ?? 100);
        return TypedResults.Ok(await clients.ListAsync(user, filter, cancellationToken));
    }

    /// <summary>Finds clients by parts of their names or by id.</summary>
    /// <remarks>Accents and case do not matter. The best matches come first.</remarks>
    /// <param name="query" example="Lindqvist">What to look for: words of the name in any order, or the id.</param>
    /// <param name="detail" example="full">full adds demographics, assignments and recent activity; basic when absent.</param>
    /// <param name="includeDemographics" example="true">Whether full has demographics; true when absent.</param>
    /// <param name="includeAssignments" example="true">Whether full has assignments; true when absent.</param>
    internal static async Task<Ok<ClientSearchResponse>> SearchAsync(
        ClientService clients,
        CurrentUser user,
        [Required, StringLength(200)] string query,
        [AllowedValues(null, "basic", "full")] string? detail,
        bool? includeDemographics,
        bool? includeAssignments,
        [Range(1, 50)] int? limit,
        CancellationToken cancellationToken)
    {
        var wanted = detail is "full" ? new ClientDetail(includeDemographics ?? true, includeAssignments ?? true) : null;
        return TypedResults.Ok(await clients.SearchAsync(user, query, limit ?? 10, wanted, cancellationToken));
    }

    /// <summary>Shows one client with contact data and everything that is written of them.</summary>
    internal static async Task<Ok<ClientRecordResponse>> GetAsync(
        Guid id, ClientService clients, CurrentUser user, HttpContext context, CancellationToken cancellationToken)
    {
        var (client, version) = await clients.GetAsync(user, id, cancellationToken);
        return context.OkWithTag(version, client);
    }

    /// <summary>Sums up what is known of a client: concerns, goals, notes, the last sessions.</summary>
    /// <param name="includeRecentSessions" example="true">Whether to list the last five sessions; true when absent.</param>
    internal static async Task<Ok<ClientSummaryResponse>> SummariseAsync(
        Guid id, ClientService clients, CurrentUser user, bool? includeRecentSessions, CancellationToken cancellationToken) =>
        TypedResults.Ok(await clients.SummariseAsync(user, id, includeRecentSessions ?? true, cancellationToken));
}
