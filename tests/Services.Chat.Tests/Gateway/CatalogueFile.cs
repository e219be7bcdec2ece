using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Gateway;

/// <summary>A catalogue of models that all are served by one scripted server, each on another wire: chat, responses, anthropic, gemini.</summary>
internal sealed class CatalogueFile : IDisposable
{
    public const string Key = "upstream-key";

    public CatalogueFile(ModelServer server)
    {
        var groups = new object[]
        {
            Group("chat", new { provider = "openai", base_url = server.BaseUrl, key = Key, model = "gpt-4o" }),
            Group("responses", new { provider = "openai", api = "responses", base_url = server.BaseUrl, key = Key, model = "gpt-5" }),
            Group("anthropic", new { provider = "anthropic", base_url = server.BaseUrl, key = Key, model = "claude-sonnet-4-5" }),
            Group("gemini", new { provider = "gemini", base_url = server.GeminiUrl, key = Key, model = "gemini-2.5-flash" }),
        };
        File.WriteAllText(Path, JsonSerializer.Serialize(new { @default = "chat", groups }));
    }

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{Guid.CreateVersion7():N}.json");

    public void Dispose() => File.Delete(Path);

    private static object Group(string name, object endpoint) => new { name, endpoints = new[] { endpoint } };
}
