using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Gateway;

/// <summary>Which of OpenAI's two wires a model is asked on: what the catalogue says of its endpoint.</summary>
public sealed class ApiChoiceTests : IAsyncLifetime
{
    private ModelServer? _model;
    private GatewayHost? _host;

    private ModelServer Model => _model!;

    public async Task InitializeAsync()
    {
        _model = await ModelServer.StartAsync();
        _model.Respond = _ => ModelReply.Text("Here.");
        _host = await GatewayHost.StartWithCatalogueAsync($$"""
            groups:
              - { name: gpt-4o, endpoints: [{ base_url: "{{_model.BaseUrl}}", model: gpt-4o }] }
              - { name: gpt-5-nano, endpoints: [{ api: responses, base_url: "{{_model.BaseUrl}}", model: gpt-5-nano }] }
            """);
    }

    public async Task DisposeAsync()
    {
        await _host!.DisposeAsync();
        await Model.DisposeAsync();
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/responses")]
    [Trait("Spec", "T001-519")]
    [Trait("Spec", "T001-521")]
    [Trait("Spec", "T001-522")]
    public async Task Ask_ModelOfResponses_IsAskedThereWithItsReasoning(string path)
    {
        var sent = await AskAsync(path, "gpt-5-nano");

        Assert.Equal(("/v1/responses", "gpt-5-nano", "low"), (sent.Path, sent.Model, sent.Json.GetProperty("reasoning").GetProperty("effort").GetString()));
        Assert.Equal(["user Hi"], sent.Json.GetProperty("input").EnumerateArray().Select(item => $"{item.GetProperty("role").GetString()} {TextOf(item.GetProperty("content"))}"));
        Assert.False(sent.Json.TryGetProperty("messages", out _) || sent.Json.TryGetProperty("reasoning_effort", out _));
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/responses")]
    [Trait("Spec", "T001-520")]
    [Trait("Spec", "T001-521")]
    public async Task Ask_ModelOfCompletions_IsAskedThere(string path)
    {
        var sent = await AskAsync(path, "gpt-4o");

        Assert.Equal(("/v1/chat/completions", "gpt-4o"), (sent.Path, sent.Model));
        Assert.Equal(["user Hi"], sent.Messages.Select(message => $"{message.GetProperty("role").GetString()} {TextOf(message.GetProperty("content"))}"));
        Assert.False(sent.Json.TryGetProperty("input", out _));
    }

    private async Task<ModelRequest> AskAsync(string path, string model)
    {
        using var client = _host!.Client();
        object request = path == "/v1/responses"
            ? new { model, input = new[] { new { role = "user", content = "Hi" } }, reasoning = new { effort = "low" }, store = false }
            : new { model, messages = new[] { new { role = "user", content = "Hi" } }, reasoning_effort = "low" };
        using var response = await client.PostAsJsonAsync(path, request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await Model.NextRequestAsync();
    }

    // Said as a text or in parts: the wires allow both.
    private static string? TextOf(JsonElement content) => content.ValueKind == JsonValueKind.String ? content.GetString() : content[0].GetProperty("text").GetString();
}
