using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiPlatform.Services.Api.OpenApi;

/// <summary>The head of the document: what this is, the rules that hold everywhere, the tags, the shapes of errors.</summary>
internal sealed class DocumentInfo : IOpenApiDocumentTransformer
{
    private static readonly Dictionary<string, string> Tags = new()
    {
        ["Audit"] = "Who did what to which record, in a chain that shows when somebody changed it.",
        ["Care relations"] = "Who treats whom, since and until when; a practitioner sees the clients they treat today.",
        ["Clients"] = "Those who are treated.",
        ["Consents"] = "What clients agree to, and what they take back.",
        ["FHIR"] = "Clients, practitioners and sessions as FHIR R4, to read.",
        ["Homework"] = "What clients are asked to do between sessions, and what they answered.",
        ["Identity"] = "Sign-in, tokens, and the keys to verify them.",
        ["Mood"] = "How clients say they are, and where it goes.",
        ["Practice"] = "The practice of the caller.",
        ["Practitioners"] = "Those who treat.",
        ["Sample"] = "In Development only: whom to sign in as.",
        ["Sessions"] = "Therapy appointments and their transcripts.",
        ["Violations"] = "What the policy for documents refused.",
    };

    public async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new()
        {
            Title = "AiPlatform practice API",
            Version = "v1",
            Description =
                """
                A practice: who works there and who is treated, what was said in their sessions, and who may read it.

                - The practice comes from the verified token. What another practice owns, or the caller may not know of, is 404.
                - A practitioner's program may name the profile of its token in a ProfileID header; any other profile is refused.
                - JSON is camelCase, times are ISO 8601 with an offset. Bodies of writes are read strictly: a member that is unknown, stands twice or is of another kind is refused.
                - A create takes an Idempotency-Key and happens once; an update takes If-Match with the ETag that was read.
                - Errors are application/problem+json with a stable code; under /fhir an OperationOutcome, under /api/v1/auth an envelope.
                - Lists go on with their nextCursor.
                """,
        };
        document.Tags = document.Tags?.Select(tag => new OpenApiTag { Name = tag.Name, Description = Tags.GetValueOrDefault(tag.Name ?? "") }).ToHashSet();
        foreach (var format in ErrorFormat.All.Where(format => format.Type is not null))
        {
            document.AddComponent(format.Schema, await context.GetOrCreateSchemaAsync(format.Type!, cancellationToken: cancellationToken));
        }
    }
}
