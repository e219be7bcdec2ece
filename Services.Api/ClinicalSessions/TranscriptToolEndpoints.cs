using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.ClinicalSessions.Analysis;
using AiPlatform.Services.Api.ClinicalSessions.Search;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>Questions about several sessions or a whole transcript. They come by POST for their bodies and change nothing.</summary>
internal static class TranscriptToolEndpoints
{
    public static RouteGroupBuilder MapTranscriptTools(this RouteGroupBuilder group)
    {
        group.MapPost("/validate", ValidateAsync).WithName("ValidateSessions").WithProblems(400, "session.validation_invalid");
        group.MapPost("/semantic-search", SearchAsync).WithName("SearchTranscripts")
            .WithProblems(400, "session.search_invalid")
            .WithProblems(403, "session.transcript_forbidden")
            .WithProblems(413, "session.search_too_large");
        group.MapPost("/{id:guid}/analyze", AnalyzeAsync).WithName("AnalyzeSession")
            .WithProblems(400, "session.analysis_invalid")
            .WithProblems(403, "session.transcript_forbidden")
            .WithProblems(404, "session.not_found")
            .WithProblems(410, "session.transcript_expired")
            .WithProblems(422, "session.transcript_missing");
        return group;
    }

    /// <summary>Tells which sessions can be loaded: which the caller sees, and which have a transcript.</summary>
    internal static async Task<Ok<SessionValidationResponse>> ValidateAsync(
        SessionValidation validation, CurrentUser user, JsonBody<ValidateSessionsRequest> body, CancellationToken cancellationToken) =>
        TypedResults.Ok(await validation.ValidateAsync(user, await body.ReadAsync(cancellationToken), cancellationToken));

    /// <summary>Looks through transcripts by words, and by meaning when an embedding model is configured, in one ranking.</summary>
    /// <remarks>
    /// Sessions whose transcripts the caller may not read are as if they were not there. What is looked through is bounded whatever the
    /// practice holds: the answer says how much that was, back to when, and whether there is more.
    /// </remarks>
    internal static async Task<Ok<SemanticSearchResponse>> SearchAsync(
        SemanticSearchService search, CurrentUser user, JsonBody<SemanticSearchRequest> body, CancellationToken cancellationToken)
    {
        TranscriptAccess.EnsureReads(user);
        return TypedResults.Ok(await search.SearchAsync(user, await body.ReadAsync(cancellationToken), cancellationToken));
    }

    /// <summary>Counts in a transcript and quotes from it: speakers, statements, questions, topics, themes, words of feeling.</summary>
    /// <remarks>No model takes part. Each item names the segments it rests on.</remarks>
    internal static async Task<Ok<SessionAnalysisResponse>> AnalyzeAsync(
        Guid id, SessionAnalysisService analysis, CurrentUser user, JsonBody<AnalyzeSessionRequest> body, CancellationToken cancellationToken) =>
        TypedResults.Ok(await analysis.AnalyzeAsync(user, id, await body.ReadAsync(cancellationToken), cancellationToken));
}
