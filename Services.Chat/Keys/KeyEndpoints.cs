using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Chat.Keys;

internal static class KeyEndpoints
{
    public static RouteGroupBuilder MapKeys(this RouteGroupBuilder group)
    {
        group.WithTags("Keys");
        group.MapPost("/", CreateAsync).WithName("CreateKey");
        group.MapGet("/", ListAsync).WithName("ListKeys");
        group.MapGet("/{id:guid}", GetAsync).WithName("GetKey");
        group.MapPut("/{id:guid}", ChangeAsync).WithName("ChangeKey");
        group.MapPost("/{id:guid}/rotate", RotateAsync).WithName("RotateKey");
        group.MapDelete("/{id:guid}", RevokeAsync).WithName("RevokeKey");
        return group;
    }

    private static async Task<Results<Created<IssuedKeyResponse>, Ok<IssuedKeyResponse>>> CreateAsync(
        KeyService keys, CurrentUser user, [FromHeader(Name = WriteKey.Header)] string? idempotencyKey, JsonBody<CreateKeyRequest> body, HttpContext context,
        CancellationToken cancellationToken)
    {
        KeyRules.EnsureMayManage(user);
        var (request, writeKey) = await body.ReadWithKeyAsync(user, idempotencyKey, cancellationToken);
        var (key, secret) = await keys.CreateAsync(user, request, writeKey, cancellationToken);
        KeepNowhere(context);
        return context.CreatedOnce(secret is not null, $"/api/v1/keys/{key.Id}", key.Version, new IssuedKeyResponse(KeyResponse.Of(key), secret));
    }

    private static async Task<Ok<KeyListResponse>> ListAsync(
        IKeyStore store, CurrentUser user, CancellationToken cancellationToken, [Range(1, 100)] int limit = 50, Guid? cursor = null)
    {
        KeyRules.EnsureMayManage(user);
        var found = await store.ListAsync(user.PracticeId, cursor, limit + 1, cancellationToken);
        return TypedResults.Ok(new KeyListResponse([.. found.Take(limit).Select(KeyResponse.Of)], found.Count > limit ? found[limit - 1].Id : null));
    }

    private static async Task<Ok<KeyResponse>> GetAsync(Guid id, KeyService keys, CurrentUser user, HttpContext context, CancellationToken cancellationToken)
    {
        KeyRules.EnsureMayManage(user);
        var key = await keys.GetAsync(user.PracticeId, id, cancellationToken);
        return context.OkWithTag(key.Version, KeyResponse.Of(key));
    }

    private static async Task<Ok<KeyResponse>> ChangeAsync(
        Guid id, KeyService keys, CurrentUser user, [FromHeader(Name = "If-Match")] string? ifMatch, JsonBody<ChangeKeyRequest> body, HttpContext context,
        CancellationToken cancellationToken)
    {
        KeyRules.EnsureMayManage(user);
        var key = await keys.ChangeAsync(user, id, await body.ReadAsync(cancellationToken), IfMatch.Read(ifMatch), cancellationToken);
        return context.OkWithTag(key.Version, KeyResponse.Of(key));
    }

    // The tag of the version that was rotated is over, so a repeated request makes no third secret.
    private static async Task<Ok<IssuedKeyResponse>> RotateAsync(
        Guid id, KeyService keys, CurrentUser user, [FromHeader(Name = "If-Match")] string? ifMatch, JsonBody<RotateKeyRequest> body, HttpContext context,
        CancellationToken cancellationToken)
    {
        KeyRules.EnsureMayManage(user);
        var grace = KeyRules.CheckGrace(await body.ReadAsync(cancellationToken));
        var (key, secret) = await keys.RotateAsync(user, id, grace, IfMatch.Read(ifMatch), cancellationToken);
        KeepNowhere(context);
        return context.OkWithTag(key.Version, new IssuedKeyResponse(KeyResponse.Of(key), secret));
    }

    // Without If-Match: who revokes a key means it as it is now.
    private static async Task<NoContent> RevokeAsync(Guid id, KeyService keys, CurrentUser user, CancellationToken cancellationToken)
    {
        KeyRules.EnsureMayManage(user);
        await keys.RevokeAsync(user, id, cancellationToken);
        return TypedResults.NoContent();
    }

    private static void KeepNowhere(HttpContext context) => context.Response.Headers.CacheControl = "no-store";
}
