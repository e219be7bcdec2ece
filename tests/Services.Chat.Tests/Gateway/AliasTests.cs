using System.Net;
using System.Net.Http.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Gateway;

public sealed class AliasTests
{
    [Fact]
    [Trait("Spec", "T001-106")]
    public async Task Complete_ByAlias_KeepsTheGroupsWireAndParameters()
    {
        await using var model = await ModelServer.StartAsync();
        model.Respond = _ => ModelReply.Text("Here.");
        await using var host = await GatewayHost.StartWithCatalogueAsync($$"""
            groups:
              - { name: plain, endpoints: [{ base_url: "{{model.BaseUrl}}", model: x }] }
              - name: thinker
                aliases: [gpt-5-latest]
                parameters: { drop: [temperature] }
                endpoints: [{ api: responses, base_url: "{{model.BaseUrl}}", model: gpt-5 }]
            """);
        using var client = host.Client();

        using var response = await client.PostAsJsonAsync(
            "/v1/chat/completions", new { model = "gpt-5-latest", temperature = 0.5, messages = new[] { new { role = "user", content = "Hi" } } });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var sent = await model.NextRequestAsync();
        Assert.Equal(("/v1/responses", "gpt-5", false), (sent.Path, sent.Model, sent.Json.TryGetProperty("temperature", out _)));
    }
}
