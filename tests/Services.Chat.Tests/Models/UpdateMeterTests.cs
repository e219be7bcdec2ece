using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Providers.ClaudeCode;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Services.Chat.Tests.Models;

public sealed class UpdateMeterTests
{
    private static readonly ModelCallStart Start = new(
        "r1", new(Guid.CreateVersion7(), Guid.CreateVersion7(), UserRole.Practitioner), SettingsCatalogue.Build(new()).Default, ModelCallKind.Chat, true, 10, null);

    private static readonly Dictionary<string, AIContent> Words = new()
    {
        ["text"] = new TextContent("Yes."),
        ["thought"] = new TextReasoningContent("Hm."),
        ["piece of a tool call"] = new ToolCallDelta("c1", "find", ""),
        ["tool call"] = new FunctionCallContent("c1", "find"),
        ["data"] = new DataContent(new byte[] { 1 }, "image/png"),
    };

    private readonly TestTimeProvider _time = new();

    [Theory]
    [InlineData("text")]
    [InlineData("thought")]
    [InlineData("piece of a tool call")]
    [InlineData("tool call")]
    [InlineData("data")]
    public async Task Observe_SessionThenNothingThenAWord_TakesTheWordForTheFirstToken(string word)
    {
        using var call = await BeginAsync();

        await ReadAsync(call, Session(), Of(new TextContent("")), Of(new TextReasoningContent("")), Of(new UsageContent()), Of(Words[word]), Of(new TextContent("More.")));

        Assert.Equal(TimeSpan.FromSeconds(5), call.FirstToken);
    }

    [Fact]
    public async Task Observe_NoWordAtAll_HasNoFirstToken()
    {
        using var call = await BeginAsync();

        await ReadAsync(call, Session(), Of(new UsageContent(new() { InputTokenCount = 3 })));

        Assert.Equal((null, new TokenUsage(3, 0)), (call.FirstToken, call.Usage));
    }

    private ValueTask<ModelCall> BeginAsync() => new ModelCalls([], _time, NullLogger<ModelCalls>.Instance).BeginAsync(Start, default);

    // Each update takes a second to come.
    private async Task ReadAsync(ModelCall call, params ChatResponseUpdate[] updates)
    {
        var coming = updates.ToAsyncEnumerable().Select(update =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return update;
        });

        await foreach (var _ in UpdateMeter.Observe(call, coming))
        {
        }
    }

    private static ChatResponseUpdate Session()
    {
        using var message = JsonDocument.Parse("""{"type":"system","subtype":"init","session_id":"s1","model":"sonnet"}""");
        return new ClaudeCodeStream().Read(message.RootElement)!;
    }

    private static ChatResponseUpdate Of(AIContent content) => new(ChatRole.Assistant, [content]);
}
