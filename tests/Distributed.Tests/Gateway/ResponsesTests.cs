// The SDK marks its client of responses as one that may change.
#pragma warning disable OPENAI001

using System.ClientModel;
using System.Text;
using System.Text.Json;
using Aspire.Hosting.Testing;
using OpenAI;
using OpenAI.Responses;

namespace AiPlatform.Distributed.Tests.Gateway;

/// <summary>The wire of responses through the whole graph, read by OpenAI's SDK and as it is.</summary>
[Collection(GraphTests.Name)]
public sealed class ResponsesTests(GraphFixture graph)
{
    private const string Model = "local";

    [Fact]
    [Trait("Spec", "T003-010")]
    public async Task Stream_Raw_ShowsTheEventsInOrderAndTheText()
    {
        using var client = graph.CreateClient("chat", await graph.SignInAsync());
        using var content = new StringContent($$"""{"model":"{{Model}}","input":"Hello","stream":true}""", Encoding.UTF8, "application/json");

        using var response = await client.PostAsync("/v1/responses", content);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(item => JsonElement.Parse(item.Split('\n')[1]["data: ".Length..])).ToList();
        var types = events.Select(data => data.GetProperty("type").GetString()!).ToList();
        Assert.Equal(
            [
                "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.delta",
                "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed",
            ],
            types.Distinct());
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(data => data.GetProperty("sequence_number").GetInt32()));
        Assert.Equal(
            events[^1].GetProperty("response").GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString(),
            string.Concat(events.Where(data => data.GetProperty("type").ValueEquals("response.output_text.delta")).Select(data => data.GetProperty("delta").GetString())));
    }

    [Fact]
    [Trait("Spec", "T003-011")]
    public async Task Create_BySdk_HasItsTextAndIsFoundAgain()
    {
        var client = await ClientAsync();

        var response = (await client.CreateResponseAsync(Model, "Hello")).Value;
        var again = (await client.GetResponseAsync(response.Id)).Value;

        var item = Assert.IsType<MessageResponseItem>(Assert.Single(response.OutputItems), exactMatch: false);
        Assert.Equal((MessageRole.Assistant, MessageStatus.Completed, ResponseStatus.Completed), (item.Role, item.Status, response.Status));
        Assert.NotEmpty(response.GetOutputText());
        Assert.Equal(response.GetOutputText(), again.GetOutputText());
    }

    [Fact]
    [Trait("Spec", "T003-012")]
    public async Task Create_AtTheSameTime_PlainAndStreamedAnswerTheSame()
    {
        var client = await ClientAsync();

        var plain = Enumerable.Range(0, 4).Select(async _ => (await client.CreateResponseAsync(Model, "Hello")).Value.GetOutputText()).ToList();
        var streamed = Enumerable.Range(0, 4).Select(_ => StreamAsync(client)).ToList();
        var texts = await Task.WhenAll([.. plain, .. streamed]);

        Assert.NotEmpty(texts[0]);
        Assert.Equal(Enumerable.Repeat(texts[0], 8), texts);
    }

    private static async Task<string> StreamAsync(ResponsesClient client)
    {
        var text = new StringBuilder();

        await foreach (var update in await client.CreateResponseStreamingAsync(Model, "Hello"))
        {
            text.Append((update as StreamingResponseOutputTextDeltaUpdate)?.Delta);
        }

        return text.ToString();
    }

    private async Task<ResponsesClient> ClientAsync() =>
        new OpenAIClient(new ApiKeyCredential(await graph.SignInAsync()), new() { Endpoint = new(graph.App.GetEndpoint("chat", "http"), "v1") }).GetResponsesClient();
}
