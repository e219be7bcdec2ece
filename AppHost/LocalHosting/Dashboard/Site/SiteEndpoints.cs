using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Aspire.Hosting.Dashboard.Site;

/// <summary>The pages of the dashboard and their files. Every page is the same document, whose script looks at the address.</summary>
internal static class SiteEndpoints
{
    private static readonly string[] Pages =
    [
        "/",
        "/consolelogs", "/consolelogs/resource/{name}",
        "/structuredlogs", "/structuredlogs/resource/{name}",
        "/traces", "/traces/resource/{name}", "/traces/detail/{id}",
        "/metrics", "/metrics/resource/{name}",
    ];

    public static void Map(IEndpointRouteBuilder app)
    {
        var files = SiteFile.ReadAll();
        foreach (var path in Pages)
        {
            MapFile(app, path, files["/index.html"]);
        }

        // One route a file: no path leads to anything else. Documents have addresses of their own.
        foreach (var (path, file) in files.Where(f => !f.Key.EndsWith(".html", StringComparison.Ordinal)))
        {
            MapFile(app, path, file);
        }
    }

    /// <summary>
    /// Whoever opens an address in a browser and finds nothing there gets the document too, whose script says so and leads back; programs, and our own pages when they
    /// ask for a file or for data, get the problem.
    /// </summary>
    public static Func<HttpContext, RequestDelegate, Task> AnswerNotFound()
    {
        var document = SiteFile.ReadAll()["/index.html"];
        return async (context, next) =>
        {
            await next(context);
            if (context.Response is { StatusCode: StatusCodes.Status404NotFound, HasStarted: false } && WantsPage(context.Request))
            {
                context.Response.ContentType = document.ContentType;
                await context.Response.Body.WriteAsync(document.Content, context.RequestAborted);
            }
        };
    }

    private static bool WantsPage(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api")
        && !request.Path.StartsWithSegments("/v1")
        && request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    // Asked for anew every time, and answered with 304 until another build of the host answers.
    private static void MapFile(IEndpointRouteBuilder app, string path, SiteFile file) => app.MapGet(path, (HttpContext context) =>
    {
        context.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(file.Content, file.ContentType, entityTag: file.Tag);
    });
}
