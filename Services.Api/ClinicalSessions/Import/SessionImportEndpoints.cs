using System.Text;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
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
            .WithMetadata(new RequestSizeLimitAttribute(ImportLimits.Bytes * 2), new AcceptsMetadata([Json, Csv], typeof(ImportSessionRequest)));
        return group;
    }

    private static async Task<Results<Created<ImportedSessionResponse>, Ok<ImportedSessionResponse>, ProblemHttpResult>> ImportAsync(
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
            return TypedResults.Problem("An import is application/json or text/csv.", statusCode: StatusCodes.Status415UnsupportedMediaType);
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
