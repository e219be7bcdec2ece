using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Documents.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Documents.Generation;

internal static class GenerationEndpoints
{
    private const string KeyHeader = "Idempotency-Key";
    private const string ReplayedHeader = "Idempotency-Replayed";
    private const int MaxKeyLength = 200;

    public static RouteGroupBuilder MapGeneration(this RouteGroupBuilder group)
    {
        group.WithTags("Documents");
        group.MapPost("/generate", GenerateAsync).WithName("GenerateDocument");
        group.MapPost("/{id:guid}/refine", RefineAsync).WithName("RefineDocument");
        return group;
    }

    private static async Task<Created<DocumentResponse>> GenerateAsync(
        GenerateDocumentRequest request, [FromHeader(Name = KeyHeader)] string? key,
        GenerationService generation, CurrentUser user, HttpResponse response, CancellationToken cancellationToken) =>
        ToResult(await generation.GenerateAsync(user, request, CheckKey(key), cancellationToken), response);

    private static async Task<Created<DocumentResponse>> RefineAsync(
        Guid id, RefineDocumentRequest request, [FromHeader(Name = KeyHeader)] string? key,
        GenerationService generation, CurrentUser user, HttpResponse response, CancellationToken cancellationToken) =>
        ToResult(await generation.RefineAsync(user, id, request, CheckKey(key), cancellationToken), response);

    private static Created<DocumentResponse> ToResult(GenerationResult result, HttpResponse response)
    {
        if (result.Replayed)
        {
            response.Headers[ReplayedHeader] = "true";
        }

        return TypedResults.Created($"/api/v1/documents/{result.Document.Head.Id}", DocumentMapping.ToResponse(result.Document));
    }

    private static string? CheckKey(string? key) => key switch
    {
        null or "" => null,
        { Length: > MaxKeyLength } => throw new DomainException(
            DomainErrorKind.Invalid, "idempotency.key_invalid", $"An idempotency key has at most {MaxKeyLength} characters."),
        _ => key,
    };
}
