using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Gateway;

public sealed class RedisAwayTests
{
    [Fact]
    public async Task Calls_WhileRedisIsAway_AreServedAndHealthSaysWhatIsMissing()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var model = await ModelServer.StartAsync();
        model.Respond = _ => ModelReply.Text("Here.");
        await using var host = await GatewayHost.StartWithCatalogueAsync(
            $$"""groups: [{ name: m, endpoints: [{ name: a, base_url: "{{model.BaseUrl}}", model: x }] }]""", ("ConnectionStrings:redis", redis.ConnectionString));
        using var client = host.Client();

        await redis.KillAsync();
        await Eventually.BecomesTrueAsync(async () => await ModelsAsync(client) == ("Degraded", "Cooldowns of endpoints are this replica's own: Redis is away."), "health says that state is not shared");
        using var response = await client.PostAsJsonAsync("/v1/chat/completions", new { model = "m", messages = new[] { new { role = "user", content = "Hi" } } });
        await redis.StartAgainAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Eventually.BecomesTrueAsync(async () => await ModelsAsync(client) == ("Healthy", null), "health says that state is shared again");
    }

    private static async Task<(string? Status, string? Description)> ModelsAsync(HttpClient client)
    {
        using var response = await client.GetAsync("/health");
        var models = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("checks").GetProperty("models");
        return (models.GetProperty("status").GetString(), models.TryGetProperty("description", out var description) ? description.GetString() : null);
    }
}
