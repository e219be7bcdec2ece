// The SDK marks its client of responses as one that may change.
#pragma warning disable OPENAI001

using System.ClientModel;
using System.ClientModel.Primitives;
using AiPlatform.Tests.Common;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Responses;

namespace AiPlatform.Services.Chat.Tests.Gateway.Clients;

/// <summary>OpenAI's official .NET SDK.</summary>
public sealed class OpenAiDotNetTests(ClientFixture gateway) : IClassFixture<ClientFixture>
{
    private static readonly ChatTool Find = ChatTool.CreateFunctionTool("find", "Finds.", BinaryData.FromString("""{"type":"object","properties":{"n":{"type":"integer"}}}"""));

    public static TheoryData<string> Groups => ["chat", "responses", "anthropic", "gemini"];

    private OpenAIClient Client => new(new ApiKeyCredential(gateway.Key), new OpenAIClientOptions { Endpoint = gateway.BaseUrl, RetryPolicy = new ClientRetryPolicy(0) });

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task Chat_EveryWire_IsRead(string group)
    {
        gateway.Model.Enqueue(ModelReply.Text("One two."));

        var completion = (await Client.GetChatClient(group).CompleteChatAsync([new UserChatMessage("Hi")])).Value;

        Assert.Equal(("One two.", ChatFinishReason.Stop, 19), (completion.Content[0].Text, completion.FinishReason, completion.Usage.TotalTokenCount));
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task ChatStream_ToolCall_IsPutTogether(string group)
    {
        gateway.Model.Enqueue(ModelReply.ToolCalls(new ModelStep.ToolCall("find", """{"n":1,"query":"Ana"}""", "c1")));
        var (name, arguments, tokens) = ("", "", 0);
        ChatFinishReason? reason = null;

        await foreach (var update in Client.GetChatClient(group).CompleteChatStreamingAsync([new UserChatMessage("Find")], new() { Tools = { Find } }))
        {
            foreach (var piece in update.ToolCallUpdates)
            {
                name += piece.FunctionName;
                arguments += piece.FunctionArgumentsUpdate;
            }

            reason = update.FinishReason ?? reason;
            tokens = update.Usage?.TotalTokenCount ?? tokens;
        }

        Assert.Equal(("find", """{"n":1,"query":"Ana"}""", ChatFinishReason.ToolCalls, 19), (name, arguments, reason, tokens));
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task Respond_EveryWire_HasItsText(string group)
    {
        gateway.Model.Enqueue(ModelReply.Text("One two."));

        var response = (await Client.GetResponsesClient().CreateResponseAsync(group, "Hi")).Value;

        Assert.Equal(("One two.", ResponseStatus.Completed, 19), (response.GetOutputText(), response.Status, response.Usage.TotalTokenCount));
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task RespondStream_EveryWire_IsReadInOrder(string group)
    {
        gateway.Model.Enqueue(ModelReply.Text("One two."));
        var (text, numbers) = ("", new List<int>());
        ResponseResult? whole = null;

        await foreach (var update in await Client.GetResponsesClient().CreateResponseStreamingAsync(group, "Hi"))
        {
            numbers.Add(update.SequenceNumber);
            text += (update as StreamingResponseOutputTextDeltaUpdate)?.Delta;
            whole = (update as StreamingResponseCompletedUpdate)?.Response ?? whole;
        }

        Assert.Equal(Enumerable.Range(0, numbers.Count), numbers);
        Assert.Equal(("One two.", "One two."), (text, whole?.GetOutputText()));
    }

    [Fact]
    public async Task Retrieve_Delete_WorkOnWhatIsKept()
    {
        gateway.Model.Enqueue(ModelReply.Text("Kept."));
        var responses = Client.GetResponsesClient();
        var id = (await responses.CreateResponseAsync("anthropic", "Hi")).Value.Id;

        var read = (await responses.GetResponseAsync(id)).Value;
        var deleted = (await responses.DeleteResponseAsync(id)).Value;
        var gone = await Assert.ThrowsAsync<ClientResultException>(() => responses.GetResponseAsync(id));

        Assert.Equal(("Kept.", true, 404), (read.GetOutputText(), deleted.Deleted, gone.Status));
    }

    [Fact]
    public async Task Embed_SeveralTexts_KeepsTheirOrder()
    {
        gateway.Model.Embed = request => EmbeddingReply.From(request, text => [text.Length, 0.5f]);

        var embeddings = (await Client.GetEmbeddingClient("chat").GenerateEmbeddingsAsync(["a", "bcd"])).Value;

        Assert.Equal(["1 0.5", "3 0.5"], embeddings.Select(embedding => FormattableString.Invariant($"{embedding.ToFloats().Span[0]} {embedding.ToFloats().Span[1]}")));
    }

    [Fact]
    public async Task Models_AreListed()
    {
        var models = (await Client.GetOpenAIModelClient().GetModelsAsync()).Value;

        Assert.Equal(["chat", "responses", "anthropic", "gemini", "local"], models.Select(model => model.Id));
    }

    [Fact]
    public async Task Errors_CarryTheStatusAndTheModel()
    {
        var failure = await Assert.ThrowsAsync<ClientResultException>(() => Client.GetChatClient("gpt-99").CompleteChatAsync([new UserChatMessage("Hi")]));

        Assert.Equal(404, failure.Status);
        Assert.Contains("gpt-99", failure.Message, StringComparison.Ordinal);
    }
}
