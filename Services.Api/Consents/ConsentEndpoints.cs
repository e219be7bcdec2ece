using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Api.Consents;

internal static class ConsentEndpoints
{
    private const int DefaultLimit = 50;

    public static RouteGroupBuilder MapClientConsents(this RouteGroupBuilder group)
    {
        group.WithTags("Consents");
        group.MapGet("/{id:guid}/consents", ListAsync).WithName("ListClientConsents").WithProblems(404, "client.not_found");
        group.MapPost("/{id:guid}/consents", RecordAsync).WithName("RecordClientConsent")
            .WithProblems(400, "consent.invalid")
            .WithProblems(403, "consent.record_forbidden")
            .WithProblems(404, "client.not_found");
        return group;
    }

    /// <summary>The signed-in client's own.</summary>
    public static RouteGroupBuilder MapMyConsents(this RouteGroupBuilder group)
    {
        group.WithTags("Consents");
        group.MapGet("/", ListMineAsync).WithName("ListMyConsents")
            .WithProblems(403, "consent.clients_only")
            .WithProblems(404, "client.not_found");
        group.MapPost("/", RecordMineAsync).WithName("RecordMyConsent")
            .WithProblems(400, "consent.invalid")
            .WithProblems(403, "consent.clients_only")
            .WithProblems(404, "client.not_found");
        return group;
    }

    /// <summary>Shows what a client agreed to, and how it came to that.</summary>
    internal static async Task<Ok<ConsentListResponse>> ListAsync(
        Guid id,
        ConsentService consents,
        CurrentUser user,
        [Range(1, 100)] int? limit,
        [StringLength(100)] string? cursor,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await consents.ListAsync(user, id, TimeCursor.Parse(cursor), limit ?? DefaultLimit, cancellationToken));

    /// <summary>Shows a client what they agreed to themself.</summary>
    internal static async Task<Ok<ConsentListResponse>> ListMineAsync(
        ConsentService consents,
        CurrentUser user,
        [Range(1, 100)] int? limit,
        [StringLength(100)] string? cursor,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await consents.ListAsync(
            user, ConsentService.OwnClientId(user), TimeCursor.Parse(cursor), limit ?? DefaultLimit, cancellationToken));

    /// <summary>Writes down that a client gave a consent or withdrew it.</summary>
    internal static async Task<Results<Created<ConsentEntryResponse>, Ok<ConsentEntryResponse>>> RecordAsync(
        Guid id,
        ConsentService consents,
        CurrentUser user,
        [FromHeader(Name = WriteKey.Header)] string? idempotencyKey,
        JsonBody<RecordConsentRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        ConsentService.EnsureMayRecord(user);
        var (request, key) = await body.ReadWithKeyAsync(user, idempotencyKey, cancellationToken);
        var (entry, created) = await consents.RecordAsync(user, id, request, key, cancellationToken);
        return context.CreatedOnce(created, location: null, version: null, ConsentService.ToResponse(entry));
    }

    /// <summary>Lets the client who is signed in give a consent or withdraw it.</summary>
    internal static Task<Results<Created<ConsentEntryResponse>, Ok<ConsentEntryResponse>>> RecordMineAsync(
        ConsentService consents,
        CurrentUser user,
        [FromHeader(Name = WriteKey.Header)] string? idempotencyKey,
        JsonBody<RecordConsentRequest> body,
        HttpContext context,
        CancellationToken cancellationToken) =>
        RecordAsync(ConsentService.OwnClientId(user), consents, user, idempotencyKey, body, context, cancellationToken);
}
