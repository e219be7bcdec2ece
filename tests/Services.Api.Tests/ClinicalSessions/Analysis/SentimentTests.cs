using AiPlatform.Services.Api.ClinicalSessions;
using AiPlatform.Services.Api.ClinicalSessions.Analysis;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Analysis;

public sealed class SentimentTests
{
    [Theory]
    [InlineData("I am happy.", "happy 1")]
    [InlineData("I am not happy.", "happy -0.5")]
    [InlineData("I'm not at all happy.", "happy -0.5")]
    [InlineData("I don't feel worthless.", "worthless 0.5")]
    [InlineData("I can’t say I’m anxious.", "anxious 0.25")]
    [InlineData("No. I am happy.", "happy 1")]
    [InlineData("Not that it matters much now, happy.", "happy 1")]
    [InlineData("I worried, and then I felt better.", "worried -0.5 better 0.5")]
    [InlineData("It went well, I would like that, fine.", "")]
    public void Words_OfAText_ValuedAndNegatedWithinTheirSentence(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', Sentiment.WordsOf(text).Select(word => FormattableString.Invariant($"{word.Word} {word.Value}"))));

    [Fact]
    public void Read_OfASession_TheClientsOnlyWithItsCourse()
    {
        var sentiment = Read(
            "therapist: That is wonderful, I am so happy for you!", "client: I was desperate.", "client: It rained.",
            "client: I was sad.", "therapist: Terrible.", "client: The train came.", "client: Today I am hopeful and calm.", "client: I am proud.", "client: Good.");

        Assert.Equal(("positive", 0.25, 4, 2), (sentiment.Label, sentiment.Score, sentiment.Positive, sentiment.Negative));
        Assert.Equal([-1, -0.5, 0.75], sentiment.Course);
        Assert.Equal([1, 3, 6, 7, 8], sentiment.Strongest.Select(strongest => strongest.Statement.Index));
    }

    [Fact]
    public void Read_WithoutAWordOfFeeling_None() =>
        Assert.Equivalent(new SentimentResponse("none", null, 0, 0, [null, null, null], []), Read("client: The train came.", "therapist: I am happy."));

    [Theory]
    [InlineData("positive", "client: I am happy.")]
    [InlineData("negative", "client: I am sad.")]
    [InlineData("balanced", "client: I am glad and sad.")]
    public void Read_BySide_ItsLabel(string label, string line) => Assert.Equal(label, Read(line).Label);

    private static SentimentResponse Read(params string[] lines) => Sentiment.Read(Lines.Read(lines));
}

internal static class Lines
{
    public static IReadOnlyList<AnalyzedSegment> Read(params string[] lines) => AnalyzedSegment.Read(
        [.. lines.Select((line, second) => new TranscriptSegment(line.Split(": ", 2)[0], second * 1000, line.Split(": ", 2)[1]))]);
}
