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

    // Asked for anew every time, and answered with 304 until another build of the host answers.
    private static void MapFile(IEndpointRouteBuilder app, string path, SiteFile file) => app.MapGet(path, (HttpContext context) =>
    {
        context.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(file.Content, file.ContentType, entityTag: file.Tag);
    });
}
