using AiPlatform.Services.Documents.Drafting;
using AiPlatform.Services.Documents.Sources;

namespace AiPlatform.Services.Documents.Tests.Drafting;

public sealed class DraftPartsTests
{
    private static readonly Guid First = Guid.CreateVersion7();
    private static readonly Guid Second = Guid.CreateVersion7();

    [Fact]
    public void Split_ShortTranscript_IsOnePart()
    {
        var plan = Plan(3, 2);

        Assert.Same(plan, Assert.Single(DraftParts.Split(plan, 10_000)));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(1_400)]
    public void Split_LongTranscript_KeepsEverySegmentOnceAndInOrder(int bound)
    {
        var parts = DraftParts.Split(Plan(12, 7), bound);

        Assert.True(parts.Count > 2);
        Assert.Equal(
            [.. Enumerable.Range(0, 12).Select(index => (First, index)), .. Enumerable.Range(0, 7).Select(index => (Second, index))],
            parts.SelectMany(part => part.Sessions).SelectMany(session => session.Segments.Select(segment => (session.Id, segment.Index))));
        Assert.All(parts, part => Assert.True(part.Sessions.Sum(session => session.Segments.Sum(segment => segment.Text.Length)) <= bound));
    }

    [Fact]
    public void Split_Refinement_GivesEachPartThePreviousSentencesOfItsSegments()
    {
        var plan = Plan(12, 0) with
        {
            Previous = new([new("A", [new("Early.", [$"{First}:0"]), new("Late.", [$"{First}:11"]), new("Loose.", [])])]),
        };

        var parts = DraftParts.Split(plan, 1_200);

        Assert.Equal(["Early.", "Loose."], parts[0].Previous!.Sections[0].Sentences.Select(sentence => sentence.Text));
        Assert.Equal(["Late."], parts[^1].Previous!.Sections[0].Sentences.Select(sentence => sentence.Text));
    }

    [Fact]
    public void Merge_Parts_JoinsSectionsInThePlansOrder()
    {
        var merged = DraftParts.Merge(
            Plan(1, 0),
            [
                new([new("B", [new("b1", [])]), new("a", [new("a1", [])])], "One."),
                new([new("A", [new("A1", []), new("a2", [])])], "One."),
            ]);

        Assert.Equal(["A", "B"], merged.Sections.Select(section => section.Heading));
        Assert.Equal(["a1", "a2"], merged.Sections[0].Sentences.Select(sentence => sentence.Text));
        Assert.Equal("One.", merged.Note);
    }

    [Fact]
    public void Merge_WithInstructions_TakesTheDraftsSections()
    {
        var merged = DraftParts.Merge(Plan(1, 0) with { Instructions = "Drop A, add Sleep." }, [new([new("b", []), new("Sleep", [])])]);

        Assert.Equal(["B", "Sleep"], merged.Sections.Select(section => section.Heading));
    }

    private static DraftPlan Plan(int ofFirst, int ofSecond) => new(
        "Note", [new("A", ""), new("B", "")], "Sarah", "Ana", "", [Session(First, ofFirst), Session(Second, ofSecond)], null);

    private static SourceSession Session(Guid id, int segments) => new(
        id, "t", DateTimeOffset.UnixEpoch, [.. Enumerable.Range(0, segments).Select(index => new SourceSegment(index, "client", "00:00:00", new string('x', 200)))]);
}
