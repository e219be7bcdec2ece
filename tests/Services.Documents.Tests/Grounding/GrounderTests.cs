using AiPlatform.Services.Documents.Grounding;
using AiPlatform.Services.Documents.Sources;

namespace AiPlatform.Services.Documents.Tests.Grounding;

public sealed class GrounderTests
{
    private static readonly Guid Session = Guid.CreateVersion7();

    private static readonly SourceSnapshot Sources = new(
        new(Guid.CreateVersion7(), "Sarah Johnson"), new(null, "Dr. Ana Ruiz"), new("Harbour", null),
        [new(Session, "t", DateTimeOffset.UnixEpoch, [new(0, "therapist", "00:00:00", "Hello."), new(4, "client", "00:00:09", "I slept badly.")])]);

    [Fact]
    public void Ground_CitedSegment_BecomesEvidenceWithItsWords()
    {
        var evidence = Assert.Single(Only("The client slept badly.", $"{Session}:4").Evidence);

        Assert.Equal(new SentenceEvidence(Session, 4, "client", "00:00:09", "I slept badly."), evidence);
    }

    [Fact]
    public void Ground_SegmentThatIsNotThere_MarksTheSentence()
    {
        var sentence = Only("The client slept badly.", $"{Session}:4", $"{Session}:3");

        Assert.False(sentence.Supported);
        Assert.Equal([4], sentence.Evidence.Select(evidence => evidence.SegmentIndex));
    }

    [Theory]
    [InlineData()]
    [InlineData("nonsense")]
    public void Ground_NoEvidence_MarksTheSentence(params string[] evidence) =>
        Assert.False(Only("The client slept badly.", evidence).Supported);

    [Fact]
    public void Ground_SameSegmentTwice_IsOnePieceOfEvidence()
    {
        var sentence = Only("The client slept badly.", $"{Session}:4", $"{Session:D}:4".ToUpperInvariant());

        Assert.True(sentence.Supported);
        Assert.Single(sentence.Evidence);
    }

    [Fact]
    public void Ground_EmptySection_IsNotDiscussed()
    {
        var section = Assert.Single(Grounder.Ground(new([new("Plan", [])]), Sources));

        Assert.False(section.Discussed);
        Assert.Empty(section.Sentences);
    }

    private static DocumentSentence Only(string text, params string[] evidence) =>
        Assert.Single(Assert.Single(Grounder.Ground(new([new("A", [new(text, evidence)])]), Sources)).Sentences);
}
