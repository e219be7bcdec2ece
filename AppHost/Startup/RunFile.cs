using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.AppHost.Startup;

/// <summary>What a running graph tells scripts: addresses, connection strings, who may sign in. Holds secrets, so only its owner may read it.</summary>
internal sealed record RunFile(
    int Pid,
    IReadOnlyDictionary<string, RunFileResource> Resources,
    IReadOnlyDictionary<string, string> ConnectionStrings,
    RunFileDashboard Dashboard,
    IReadOnlyList<SampleUser> SampleUsers)
{
    public async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        // Moved into place whole: a script that waits for the file never reads half of it.
        var draft = path + ".tmp";
        File.Delete(draft);
        await using (var stream = new FileStream(draft, CreateOptions()))
        {
            await JsonSerializer.SerializeAsync(stream, this, RunFileJsonContext.Default.RunFile, cancellationToken);
        }

        File.Move(draft, path, overwrite: true);
    }

    private static FileStreamOptions CreateOptions()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}

internal sealed record RunFileResource(IReadOnlyDictionary<string, string> Endpoints);

/// <param name="LoginUrl">The address to open in a browser: it signs in there.</param>
internal sealed record RunFileDashboard(string? Url, string? Token, string? LoginUrl)
{
    public static RunFileDashboard Of(string? urls, string? token)
    {
        var url = urls?.Split(';')[0].TrimEnd('/');
        return new(url, token, url is null ? null : $"{url}/login?t={Uri.EscapeDataString(token ?? "")}");
    }
}

internal sealed record SampleUser(string Email, string Password, string Role, string Practice);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(RunFile))]
internal sealed partial class RunFileJsonContext : JsonSerializerContext;
