using AiPlatform.Services.Documents.Drafting;

namespace AiPlatform.Services.Documents.Tests.Drafting;

public sealed class DraftParserTests
{
    private static readonly DraftPlan Plan = new("Note", [new("A", "")], "Sarah", "Ana", "", [], null);

    [Theory]
    [InlineData("""{"sections":[{"heading":" a ","sentences":[{"text":" T. ","evidence":["x:1"]}]}]}""")]
    [InlineData("```json\n{\"sections\":[{\"heading\":\"a\",\"sentences\":[{\"text\":\"T.\",\"evidence\":[\"x:1\"]}]}],\"note\":null}\n```")]
    public void TryParse_Draft_IsRead(string reply)
    {
        Assert.True(DraftParser.TryParse(reply, Plan, out var draft, out _));

        var section = Assert.Single(draft.Sections);
        Assert.Equal("a", section.Heading);
        Assert.Equal("T.", Assert.Single(section.Sentences).Text);
        Assert.Equal(["x:1"], section.Sentences[0].Evidence);
        Assert.Null(draft.Note);
    }

    [Theory]
    [InlineData("I am sorry.")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"sections":[]}""")]
    [InlineData("""{"sections":[{"heading":"Other","sentences":[]}]}""")]
    [InlineData("""{"sections":[{"heading":"A"}]}""")]
    [InlineData("""{"sections":[{"heading":"A","sentences":[{"text":"","evidence":[]}]}]}""")]
    [InlineData("""{"sections":[{"heading":"A","sentences":[{"text":"T."}]}]}""")]
    [InlineData("""{"sections":[{"heading":"A","sentences":[{"text":null,"evidence":[]}]}]}""")]
    [InlineData("""{"sections":[{"heading":"A","sentences":[{"text":"cut o""")]
    public void TryParse_AnythingElse_SaysWhatIsWrong(string reply)
    {
        Assert.False(DraftParser.TryParse(reply, Plan, out var draft, out var fault));

        Assert.Null(draft);
        Assert.NotEmpty(fault);
    }

    [Fact]
    public void TryParse_OtherHeading_IsFineWithInstructions() =>
        Assert.True(DraftParser.TryParse("""{"sections":[{"heading":"Sleep","sentences":[]}]}""", Plan with { Instructions = "Add sleep." }, out _, out _));
}
