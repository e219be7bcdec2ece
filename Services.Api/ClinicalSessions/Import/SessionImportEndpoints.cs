using System.Text;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Api.ClinicalSessions.Import;

internal static class SessionImportEndpoints
{
    private const string Json = "application/json";
    private const string Csv = "text/csv";
    private const int MaxKeyLength = 200;

    public static RouteGroupBuilder MapSessionImport(this RouteGroupBuilder group)
    {
        // The service counts for itself and answers with a code; the server's own limit must lie beyond it.
        group.MapPost("/import", ImportAsync)
            .WithName("ImportSession")
            .WithLocation()
            .WithProblems(400, "session.import_invalid")
            .WithProblems(403, "session.import_forbidden")
            .WithProblems(404, "client.not_found")
            .WithProblems(409, "consent.missing")
            .WithProblems(413, "session.import_too_large", "session.too_many_segments")
            .WithProblems(415, "request.unsupported_media_type")
            .WithMetadata(new RequestSizeLimitAttribute(ImportLimits.Bytes * 2), new AcceptsMetadata([Json, Csv], typeof(ImportSessionRequest)));
        return group;
    }

    /// <summary>Takes in a recorded session with its transcript, as JSON or as CSV.</summary>
    /// <remarks>
    /// At most 10 MB and 5,000 segments. A CSV needs a header that names columns for speaker, time and text; client, start and title then come
    /// in the query. Every fault is told with its line, and a refused import leaves nothing behind. Times may step back by one second. The client
    /// needs a consent to recording in effect.
    /// </remarks>
    /// <param name="clientId" example="0a000000-0000-7000-8000-000000000301">The client, for a CSV.</param>
    /// <param name="startedAt" example="2026-11-18T17:00:00Z">When the session began, for a CSV.</param>
    /// <param name="title" example="Sunday evenings">The session's title, for a CSV.</param>
    internal static async Task<Results<Created<ImportedSessionResponse>, Ok<ImportedSessionResponse>>> ImportAsync(
        HttpContext context,
        SessionImportService imports,
        CurrentUser user,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        Guid? clientId,
        DateTimeOffset? startedAt,
        string? title,
        CancellationToken cancellationToken)
    {
        SessionImportService.EnsureMayImport(user);
        var key = ReadKey(idempotencyKey);
        var mediaType = (context.Request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();
        if (mediaType is not (Json or Csv))
        {
            throw new BadHttpRequestException("An import is application/json or text/csv.", StatusCodes.Status415UnsupportedMediaType);
        }

        if (context.Request.ContentLength > ImportLimits.Bytes)
        {
            throw ImportLimits.BodyTooLarge();
        }

        await using var body = new ImportBody(context.Request.Body);
        var segments = new SegmentCollector();
        var header = new ImportHeader(clientId, startedAt, title);
        if (mediaType is Json)
        {
            var request = await JsonTranscript.ReadAsync(body, segments, cancellationToken);
            if (request is null)
            {
                segments.EnsureFaultless();
            }

            header = new(request?.ClientId, request?.StartedAt, request?.Title);
        }
        else
        {
            await CsvTranscript.ReadAsync(body, segments, cancellationToken);
            body.AppendToHash(Encoding.UTF8.GetBytes($"\n{clientId}\n{startedAt:O}\n{title}"));
        }

        var (session, added) = await imports.ImportAsync(user, header, segments, key, body.CompleteHash(), cancellationToken);
        var response = new ImportedSessionResponse(session.Id, session.ClientId, session.Title, session.TotalSegments, session.DurationSeconds);
        if (added)
        {
            return TypedResults.Created($"/api/v1/sessions/{session.Id}", response);
        }

        context.Response.Headers["Idempotency-Replayed"] = "true";
        return TypedResults.Ok(response);
    }

    private static string ReadKey(string? header) =>
        header is { Length: > 0 and <= MaxKeyLength } && header.All(character => character is > ' ' and <= '~')
            ? header
            : throw new DomainException(
                DomainErrorKind.Invalid, "idempotency.key_required", $"An Idempotency-Key of 1 to {MaxKeyLength} visible ASCII characters is needed.");
}
