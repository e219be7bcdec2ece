using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Gateway.Responses;

/// <summary>The service with a model server behind every wire, and callers of its responses.</summary>
internal sealed partial class ResponseHost : IAsyncDisposable
{
    private readonly CatalogueFile _catalogue;

    private ResponseHost(ModelServer model, CatalogueFile catalogue, ChatHost chat) => (Model, _catalogue, Chat) = (model, catalogue, chat);

    public ModelServer Model { get; }

    public ChatHost Chat { get; }

    /// <summary>Who asks when a test names nobody.</summary>
    public TestToken User { get; } = new();

    public static Task<ResponseHost> StartAsync(params (string Key, string Value)[] settings) => StartAsync(null, settings);

    /// <param name="services">Puts something at a seam of the service.</param>
    public static async Task<ResponseHost> StartAsync(Action<IServiceCollection>? services, params (string Key, string Value)[] settings)
    {
        var model = await ModelServer.StartAsync(CatalogueFile.Key);
        var catalogue = new CatalogueFile(model);
        var all = settings.ToDictionary(setting => setting.Key, setting => setting.Value);
        all["MODELS_CONFIG"] = catalogue.Path;
        all.TryAdd("Gateway:Responses:Key", "a secret of the tests, long enough for it");
        return new(model, catalogue, await ChatHost.StartAsync(settings: all, services: services));
    }

    public Task<(HttpStatusCode Status, JsonElement Body)> CreateAsync(string body, TestToken? user = null) =>
        SendAsync(HttpMethod.Post, "/v1/responses", user, body);

    public async Task<JsonElement> CreatedAsync(string body, TestToken? user = null)
    {
        var (status, created) = await CreateAsync(body, user);
        Assert.True(status == HttpStatusCode.OK, created.GetRawText());
        return created;
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, TestToken? user = null, string? body = null)
    {
        using var client = Chat.CreateClient(user ?? User);
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await client.SendAsync(request);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }

    /// <returns>The data of each event, its name checked, without what is another's with every run.</returns>
    public async Task<IReadOnlyList<string>> StreamAsync(string body)
    {
        using var client = Chat.CreateClient(User);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/v1/responses", content);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.Content.Headers.ContentType?.MediaType == "text/event-stream", text);
        return [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(Data)];
    }

    /// <summary>Ids are numbered in the order they come, times are gone.</summary>
    public static string Timeless(string json)
    {
        var seen = new List<string>();
        return Created().Replace(
            Ids().Replace(json, match =>
            {
                var (kind, id) = (match.Groups[1].Value, match.Value);
                if (!seen.Contains(id))
                {
                    seen.Add(id);
                }

                return $"{kind}_{seen.Where(other => other.StartsWith(kind, StringComparison.Ordinal)).ToList().IndexOf(id)}";
            }),
            "\"created_at\":0");
    }

    public async ValueTask DisposeAsync()
    {
        await Chat.DisposeAsync();
        await Model.DisposeAsync();
        _catalogue.Dispose();
    }

    private static string Data(string item)
    {
        var lines = item.Split('\n');
        var data = JsonElement.Parse(lines[1]["data: ".Length..]);
        Assert.Equal($"event: {data.GetProperty("type").GetString()}", lines[0]);
        return data.GetRawText();
    }

    [GeneratedRegex("(resp|msg|rs|fc|ws)_[0-9a-f]{32}")]
    private static partial Regex Ids();

    [GeneratedRegex("\"created_at\":[0-9]+")]
    private static partial Regex Created();
}
