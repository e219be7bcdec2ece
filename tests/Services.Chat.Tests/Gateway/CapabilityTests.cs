using System.Net;
using System.Text;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Gateway;

/// <summary>A group that says what its model can do is held to it; one that says nothing is asked everything.</summary>
public sealed class CapabilityTests : IAsyncLifetime
{
    private const string Chat = "/v1/chat/completions";
    private const string Responses = "/test/responses";

    private static readonly (string Path, string Needs, string Param, string Request)[] Asking =
    [
        (Chat, "tools", "tools", """{"messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"f","parameters":{}}}]}"""),
        (Chat, "tools", "functions", """{"messages":[{"role":"user","content":"Hi"}],"functions":[{"name":"f"}]}"""),
        (Chat, "json", "response_format", """{"messages":[{"role":"user","content":"Hi"}],"response_format":{"type":"json_object"}}"""),
        (Chat, "vision", "messages", """{"messages":[{"role":"user","content":[{"type":"text","text":"What is it?"},{"type":"image_url","image_url":{"url":"https://a.example/b.png"}}]}]}"""),
        (Chat, "audio", "messages", """{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]}]}"""),
        (Chat, "audio", "modalities", """{"messages":[{"role":"user","content":"Hi"}],"modalities":["text","audio"]}"""),
        (Responses, "tools", "tools", """{"input":"Hi","tools":[{"type":"function","name":"f","parameters":{}}]}"""),
        (Responses, "json", "text.format", """{"input":"Hi","text":{"format":{"type":"json_schema","name":"n","schema":{}}}}"""),
        (Responses, "vision", "input", """{"input":[{"role":"user","content":[{"type":"input_image","image_url":"https://a.example/b.png"}]}]}"""),
    ];

    private ModelServer? _server;
    private GatewayHost? _host;

    private ModelServer Server => _server!;

    private GatewayHost Host => _host!;

    public async Task InitializeAsync()
    {
        _server = await ModelServer.StartAsync();
        Server.Respond = _ => ModelReply.Text("Fine.");
        string Group(string name, string capabilities) => $$"""
              - name: {{name}}
                {{capabilities}}
                endpoints: [{ base_url: "{{Server.BaseUrl}}", model: x }]
              - name: {{name}}-responses
                {{capabilities}}
                endpoints: [{ base_url: "{{Server.BaseUrl}}", model: x, api: responses }]
            """;
        _host = await GatewayHost.StartWithCatalogueAsync($"groups:\n{Group("plain", "capabilities: [reasoning]")}\n{Group("able", "capabilities: [tools, vision, json, audio]")}\n{Group("silent", "")}");
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await Server.DisposeAsync();
    }

    [Fact]
    public async Task Ask_WhatTheModelCannot_IsRefusedByNameAndNothingIsSent()
    {
        foreach (var (path, _, param, request) in Asking)
        {
            var (status, body) = await AskAsync(path, "plain", request);

            var error = JsonElement.Parse(body).GetProperty("error");
            Assert.Equal(
                (HttpStatusCode.BadRequest, "unsupported_parameter", param, "invalid_request_error"),
                (status, error.GetProperty("code").GetString(), error.GetProperty("param").GetString(), error.GetProperty("type").GetString()));
        }

        Assert.Empty(Server.Requests);
        Assert.False(Host.Settled.HasMore);
    }

    [Theory]
    [InlineData("able")]
    [InlineData("silent")]
    public async Task Ask_WhatTheModelCanOrNobodySaid_IsSent(string group)
    {
        foreach (var (path, _, _, request) in Asking)
        {
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(path, group, request)).Status);
        }

        Assert.Equal(Asking.Length, Server.Requests.Count);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"Hi"}],"tools":[],"response_format":{"type":"text"},"modalities":["text",7,null]}""")]
    [InlineData("""{"messages":["Hi",7,{"role":"user","content":["a",{"type":5},{"type":"text","text":"image_url"}]}]}""")]
    public async Task Ask_NothingOfIt_IsSent(string request) => Assert.Equal(HttpStatusCode.OK, (await AskAsync(Chat, "plain", request)).Status);

    [Fact]
    public async Task Ask_TextThatIsNoUnicode_IsRefused()
    {
        var (status, body) = await AskAsync(Chat, "plain", """{"messages":[{"role":"user","content":[{"type":"\ud800"}]}]}""");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value"), (status, JsonElement.Parse(body).GetProperty("error").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Agent_AsksWhatTheModelCannot_FailsWithTheSameWord()
    {
        var client = Host.Get<IChatModels>().GetChatClient("plain", new(Guid.CreateVersion7(), Guid.CreateVersion7(), UserRole.Practitioner));
        (string, Func<Task>)[] asking =
        [
            ("tools", () => client.GetResponseAsync("Hi", new() { Tools = [AIFunctionFactory.Create(() => 1, "f")] })),
            ("response_format", () => client.GetResponseAsync("Hi", new() { ResponseFormat = ChatResponseFormat.Json })),
            ("messages", () => client.GetStreamingResponseAsync([new(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")])]).ToChatResponseAsync()),
            ("messages", () => client.GetResponseAsync([new(ChatRole.User, [new UriContent("https://a.example/b.wav", "audio/wav")])])),
        ];

        foreach (var (param, ask) in asking)
        {
            var failure = await Assert.ThrowsAsync<DomainException>(ask);
            Assert.Equal(("unsupported_parameter", param), (failure.Code, failure.Errors[0].Field));
        }

        Assert.Empty(Server.Requests);
    }

    private async Task<(HttpStatusCode Status, string Body)> AskAsync(string path, string group, string request)
    {
        using var client = Host.Client();
        var name = path == Chat ? group : $"{group}-responses";
        using var content = new StringContent($$"""{"model":"{{name}}",{{request[1..]}}""", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(path, content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
