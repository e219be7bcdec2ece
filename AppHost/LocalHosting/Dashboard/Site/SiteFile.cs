using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Aspire.Hosting.Dashboard.Site;

/// <summary>One file of the dashboard's pages, as it stands in this assembly.</summary>
internal sealed record SiteFile(byte[] Content, string ContentType, EntityTagHeaderValue Tag)
{
    private const string Folder = "wwwroot";

    /// <summary>Every file by its path, "/js/api.js".</summary>
    public static Dictionary<string, SiteFile> ReadAll()
    {
        var assembly = typeof(SiteFile).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder + "/", StringComparison.Ordinal))
            .ToDictionary(name => name[Folder.Length..], name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                var content = new byte[stream.Length];
                stream.ReadExactly(content);
                var tag = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8));
                return new SiteFile(content, TypeOf(name), new EntityTagHeaderValue($"\"{tag}\""));
            });
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    };
}
