namespace AiPlatform.Services.Api.OpenApi;

internal static class OpenApiEndpoints
{
    /// <summary>/openapi/v1.json, open to everybody in Development.</summary>
    public static WebApplication MapOpenApiDocument(this WebApplication app)
    {
        var document = app.MapOpenApi();
        if (app.Environment.IsDevelopment())
        {
            document.AllowAnonymous();
        }

        return app;
    }
}
