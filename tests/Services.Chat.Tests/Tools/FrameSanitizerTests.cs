using System.Text.Json;
using AiPlatform.Services.Chat.Tests.Agents;
using AiPlatform.Services.Chat.Tools;

namespace AiPlatform.Services.Chat.Tests.Tools;

public class FrameSanitizerTests
{
    [Theory]
    [InlineData("Write to maya.okafor+x@example.com today", "Write to [hidden] today")]
    [InlineData("Call +61 412 345 678 or (02) 9876 5432.", "Call [hidden] or [hidden].")]
    [InlineData("Call 0412-345-678", "Call [hidden]")]
    [InlineData("On 2026-03-31 she slept 7 hours", "On 2026-03-31 she slept 7 hours")]
    [InlineData("2026-03-31T09:30:00+00:00", "2026-03-31T09:30:00+00:00")]
    [InlineData("01234567-8901-2345-6789-012345678901", "01234567-8901-2345-6789-012345678901")]
    [InlineData("bell\u0007", "bell")]
    public void Sanitize_Text_HidesContactDataOnly(string text, string expected)
    {
        var shown = FrameSanitizer.Sanitize(JsonSerializer.SerializeToElement(new { text }), 2_000);

        Assert.Equal(expected, shown.GetProperty("text").GetString());
    }

    [Fact]
    public void Sanitize_PrivateFields_AreHiddenAtAnyDepth()
    {
        var value = JsonElement.Parse("""{"client":{"name":"Maya","workEmail":"x","phone":{"home":"1"},"address":["a"]},"access_token":"t","count":2,"none":null}""");

        JsonAssert.Equal(
            """{"client":{"name":"Maya","workEmail":"[hidden]","phone":"[hidden]","address":"[hidden]"},"access_token":"[hidden]","count":2,"none":null}""",
            FrameSanitizer.Sanitize(value, 2_000));
    }

    [Fact]
    [Trait("Spec", "T002-065")]
    public void Sanitize_LongValues_AreCutToTheLimitWithAMarker()
    {
        var value = JsonSerializer.SerializeToElement(new { segments = Enumerable.Range(1, 500).Select(index => new { index, text = new string('a', 900) }) });

        var shown = FrameSanitizer.Sanitize(value, 2_000);

        Assert.InRange(shown.GetRawText().Length, 1, 2_000);
        Assert.Equal("… 495 more", shown.GetProperty("segments")[5].GetString());
        Assert.EndsWith("a…", shown.GetProperty("segments")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sanitize_NothingFits_SaysSo()
    {
        var value = JsonSerializer.SerializeToElement(Enumerable.Range(1, 500).ToDictionary(number => $"field{number}", number => number));

        JsonAssert.Equal("""{"truncated":true}""", FrameSanitizer.Sanitize(value, 2_000));
    }

    [Fact]
    [Trait("Spec", "T002-054")]
    public async Task Run_WithContactDataAndLongArguments_FramesHideAndCutWhileTheToolGetsThemWhole()
    {
        var template = "# Note\n" + new string('x', 5_000);
        await using var harness = await AgentHarness.StartForCallAsync(
            "generate_document_from_loaded",
            new { template_content = template, generation_instructions = "Send it to maya@example.com" },
            Sample.ReadyScreen());
        harness.Documents.On("POST /api/v1/documents/generate", Sample.Document(), 201);

        await harness.RunAsync();

        var frame = harness.Frames.OfType<Chat.Events.ToolExecutingFrame>().Single();
        Assert.InRange(AgentHarness.Json(frame).GetRawText().Length, 1, 2_000);
        Assert.Equal("Send it to [hidden]", frame.Payload.Parameters.GetProperty("generation_instructions").GetString());
        var sent = JsonElement.Parse(harness.Documents.Requests[0].Body);
        Assert.Equal(template, sent.GetProperty("template").GetProperty("content").GetString());
        Assert.Equal("Send it to maya@example.com", sent.GetProperty("instructions").GetString());
    }
}
