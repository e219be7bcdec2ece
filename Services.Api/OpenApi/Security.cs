using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiPlatform.Services.Api.OpenApi;

/// <summary>The two ways to a token, and which operations need one.</summary>
internal sealed class Security : IOpenApiDocumentTransformer, IOpenApiOperationTransformer
{
    private const string Bearer = "bearer";
    private const string Service = "service";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "An access token of a person: from /api/v1/auth/login, or for one run from /connect/token. Signed with ES256; "
                    + "the keys are at /.well-known/jwks.json. Practice and role come from it and from nothing else.",
            },
            [Service] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.OAuth2,
                Description = "A token of one of the platform's services for one practice, named by the form field practice_id.",
                Flows = new()
                {
                    ClientCredentials = new() { TokenUrl = new("/connect/token", UriKind.Relative), Scopes = new Dictionary<string, string>() },
                },
            },
        };
        return Task.CompletedTask;
    }

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (!context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security =
            [
                new() { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] },
                new() { [new OpenApiSecuritySchemeReference(Service, context.Document)] = [] },
            ];
        }

        return Task.CompletedTask;
    }
}
