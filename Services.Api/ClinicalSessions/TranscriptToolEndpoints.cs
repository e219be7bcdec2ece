using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>Questions about several sessions or a whole transcript. They come by POST for their bodies and change nothing.</summary>
internal static class TranscriptToolEndpoints
{
    public static RouteGroupBuilder MapTranscriptTools(this RouteGroupBuilder group)
    {
        group.MapPost("/validate", ValidateAsync).WithName("ValidateSessions").WithProblems(400, "session.validation_invalid");
        return group;
    }

    /// <summary>Tells which sessions can be loaded: which the caller sees, and which have a transcript.</summary>
    internal static async Task<Ok<SessionValidationResponse>> ValidateAsync(
        SessionValidation validation, CurrentUser user, JsonBody<ValidateSessionsRequest> body, CancellationToken cancellationToken) =>
        TypedResults.Ok(await validation.ValidateAsync(user, await body.ReadAsync(cancellationToken), cancellationToken));
}
