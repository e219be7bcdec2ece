using AiPlatform.Services.Api.ClinicalSessions.Search;
using AiPlatform.Services.Api.ClinicalSessions.Terms;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Search;

public sealed class Bm25Tests
{
    [Fact]
    public void Score_ARareTerm_CountsMoreThanACommonOne()
    {
        var scores = Score("train zopiclone", "The train was late.", "The train was early.", "The train was slow.", "Took zopiclone late.");

        Assert.Equal(scores.Max(), scores[3]);
        Assert.All(scores.Take(3), score => Assert.InRange(score, 0.001, scores[3] / 2));
    }

    [Fact]
    public void Score_MoreOfTheQuery_IsBetterAndRepetitionLessEachTime()
    {
        var scores = Score("sleep diary", "sleep sleep sleep", "sleep diary evening", "sleep evening morning", "evening morning noon");

        Assert.True(scores[1] > scores[0], "both terms against one three times");
        Assert.True(scores[0] > scores[2], "three times against once");
        Assert.True(scores[0] < 3 * scores[2], "three times is not three times as good");
        Assert.Equal(0, scores[3]);
    }

    [Fact]
    public void Score_ALongText_IsHeldAgainstItsLength()
    {
        var scores = Score("sleep", "sleep evening", "sleep evening morning noon train office garden kitchen window mountain");

        Assert.True(scores[0] > scores[1]);
    }

    [Fact]
    public void Score_HandComputed_IsTheFormula()
    {
        // Two texts of two terms, the term once in one: ln(1 + (2 - 1 + 0.5) / (1 + 0.5)) * 1 * 2.2 / (1 + 1.2) = ln 2.
        var scores = Score("sleep", "sleep evening", "train office");

        Assert.Equal(Math.Log(2), scores[0], precision: 12);
    }

    [Theory]
    [InlineData("the of and")]
    [InlineData("")]
    public void Score_NoTermsInTheQuery_AllZero(string query) => Assert.Equal([0, 0], Score(query, "The train.", "And of the."));

    private static double[] Score(string query, params string[] texts)
    {
        var reader = new TermReader();
        return Bm25.Score(reader.Read(query).Select(term => term.Stem).ToHashSet(), [.. texts.Select(reader.Read)]);
    }
}
