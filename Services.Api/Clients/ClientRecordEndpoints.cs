using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Api.Clients;

internal static class ClientRecordEndpoints
{
    public static RouteGroupBuilder MapClientRecords(this RouteGroupBuilder group)
    {
        group.MapPost("/", CreateAsync).WithName("CreateClient")
            .WithETag()
            .WithLocation()
            .WithProblems(400, "client.invalid")
            .WithProblems(403, "client.write_forbidden", "client.practitioner_forbidden", "client.notes_forbidden")
            .WithProblems(404, "client.not_found");
        group.MapPut("/{id:guid}", ChangeAsync).WithName("ChangeClient")
            .WithETag()
            .WithProblems(400, "client.invalid")
            .WithProblems(403, "client.write_forbidden", "client.practitioner_forbidden", "client.notes_forbidden")
            .WithProblems(404, "client.not_found");
        return group;
    }

    /// <summary>Takes in a client, and arranges that the main practitioner treats them from the start on, at the latest from today.</summary>
    /// <remarks>A repeat by a practitioner who treats them no more finds no such client.</remarks>
    internal static async Task<Results<Created<ClientRecordResponse>, Ok<ClientRecordResponse>>> CreateAsync(
        ClientRecordService records,
        ClientService clients,
        CurrentUser user,
        [FromHeader(Name = WriteKey.Header)] string? idempotencyKey,
        JsonBody<ClientRecordRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        ClientRules.EnsureMayWrite(user);
        var (request, key) = await body.ReadWithKeyAsync(user, idempotencyKey, cancellationToken);
        var (client, created) = await records.CreateAsync(user, request, key, cancellationToken);
        return context.CreatedOnce(
            created, $"/api/v1/clients/{client.Id}", client.Version, await clients.DescribeAsync(user, client, cancellationToken));
    }

    /// <summary>Changes a client's record. Another main practitioner takes over the care relation today.</summary>
    internal static async Task<Ok<ClientRecordResponse>> ChangeAsync(
        Guid id,
        ClientRecordService records,
        ClientService clients,
        CurrentUser user,
        [FromHeader(Name = "If-Match")] string? ifMatch,
        JsonBody<ClientRecordRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        ClientRules.EnsureMayWrite(user);
        var request = await body.ReadAsync(cancellationToken);
        var client = await records.ChangeAsync(user, id, request, IfMatch.Read(ifMatch), cancellationToken);
        return context.OkWithTag(client.Version, await clients.DescribeAsync(user, client, cancellationToken));
    }
}
