using System.Text;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Forwarding;

namespace AiPlatform.Services.Chat.Tests.Models.Forwarding;

public sealed class ReplyReadingTests
{
    [Fact]
    public void Scan_CutAnywhere_FindsTheUsageOfTheReplyOnly()
    {
        var reply = Encoding.UTF8.GetBytes(
            """{"choices":[{"usage":{"prompt_tokens":99},"text":"\"usage\":{\"prompt_tokens\":98} \\"}],"note":"usage","x":{"a":[{}]},"usage" : {"prompt_tokens":5,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":2},"completion_tokens_details":{"reasoning_tokens":1}},"end":null}""");

        for (var cut = 0; cut <= reply.Length; cut++)
        {
            var scanner = new ReplyScanner();
            scanner.Look(reply.AsSpan(0, cut));
            var isWhole = scanner.IsWhole;
            scanner.Look(reply.AsSpan(cut));

            Assert.Equal(new TokenUsage(5, 3, 2, 1), scanner.Usage);
            Assert.Equal((cut == reply.Length, true), (isWhole, scanner.IsWhole));
        }
    }

    [Theory]
    [InlineData("data: a\n\ndata: b\n\n", 9)]
    [InlineData("data: a\r\n\r\nx", 11)]
    [InlineData("data: a\r\rx", 9)]
    [InlineData("event: e\ndata: a\n\n", 18)]
    [InlineData("data: a\n", 0)]
    [InlineData("data: a\r\n\r", 0)]
    [InlineData("data: a\r\n", 0)]
    [InlineData("", 0)]
    public void EndOfEvent_AnyLineEnding_IsAfterTheEmptyLine(string bytes, int end) =>
        Assert.Equal(end, EventSplitter.EndOfEvent(Encoding.UTF8.GetBytes(bytes)));

    [Theory]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}],\"usage\":null}\n\n", "Content")]
    [InlineData("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n", "Usage")]
    [InlineData("data: {\"choices\":[{\"delta\":{}}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n", "Content")]
    [InlineData("data: [DONE]\n\n", "Done")]
    [InlineData(": comment\n\n", "Content")]
    [InlineData("event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}}\n\n", "Content")]
    [InlineData("data: {\"error\":{\"message\":\"no\"}}\n\n", "Error")]
    [InlineData("data: {\"choices\":\n\n", "Unreadable")]
    [InlineData("hello\n\n", "Unreadable")]
    public void Look_AtAnEvent_KnowsWhatItIs(string sent, string kind) =>
        Assert.Equal(kind, new StreamInspector().Look(Encoding.UTF8.GetBytes(sent)).ToString());

    [Theory]
    [InlineData(true, """[{"delta":{},"finish_reason":"stop"}]""")]
    [InlineData(true, """[{"index":0,"finish_reason":null},{"index":1,"finish_reason":"stop"}]""", """[{"finish_reason":"length","index":0}]""")]
    [InlineData(true, """[{"index":0,"finish_reason":"stop"}]""", """[{"index":0,"delta":{},"finish_reason":null}]""", "[]")]
    [InlineData(true, """[{"index":1,"finish_reason":"stop"}],"prompt_filter_results":[{"index":0,"hate":{}}],"more":{"a":{}}""")]
    [InlineData(true, """[{"index":0,"finish_reason":"stop"},{"index":-1},{"index":128}]""")]
    [InlineData(false)]
    [InlineData(false, """[{"index":0,"delta":{},"finish_reason":null}]""")]
    [InlineData(false, """[{"index":0,"delta":{"tool_calls":[{"index":1}]}}]""", """[{"index":1,"delta":{},"finish_reason":"stop"}]""")]
    [InlineData(false, """[{"index":0,"finish_reason":"stop"},{"index":127,"finish_reason":null}]""")]
    public void Look_AtTheChoicesOfAStream_KnowsWhetherEachHasAReason(bool hasFinished, params string[] choices)
    {
        var inspector = new StreamInspector();

        foreach (var chunk in choices)
        {
            inspector.Look(Encoding.UTF8.GetBytes($"data: {{\"id\":\"c\",\"choices\":{chunk},\"usage\":null}}\n\n"));
        }

        Assert.Equal(hasFinished, inspector.HasFinished);
    }
}
