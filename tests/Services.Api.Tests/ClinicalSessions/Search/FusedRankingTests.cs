using AiPlatform.Services.Api.ClinicalSessions.Search;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Search;

public sealed class FusedRankingTests
{
    [Fact]
    public void Rank_WordsAlone_SharesOfTheBest() =>
        Assert.Equal(
            [new RankedText(2, 1, 1, null), new RankedText(0, 0.5, 0.5, null)],
            FusedRanking.Rank([2, 0, 4], [null, null, null], threshold: 0));

    [Fact]
    public void Rank_BothAtOnce_SumOfTheirShares()
    {
        // Words: 1, 0, 0.5. Meaning from 0.2 to 0.6: 0, 1, 0.75. Sums: 1, 1, 1.25.
        var ranked = FusedRanking.Rank([4, 0, 2], [0.2, 0.6, 0.5], threshold: 0);

        Assert.Equal([2, 0, 1], ranked.Select(text => text.Index));
        Assert.Equal([1, 0.8, 0.8], ranked.Select(text => text.Score), (left, right) => Math.Abs(left - right) < 1e-9);
        Assert.Equal([(0.5, 0.5), (1, 0.2), (0, 0.6)], ranked.Select(text => (text.WordScore, text.Similarity!.Value)));
    }

    [Theory]
    [InlineData(0.8, 2)]
    [InlineData(0.81, 1)]
    [InlineData(1, 1)]
    public void Rank_Threshold_LeavesOutWhatIsFurtherFromTheBest(double threshold, int count) =>
        Assert.Equal(count, FusedRanking.Rank([5, 4, 1], [null, null, null], threshold).Count);

    [Fact]
    public void Rank_WithoutAnEmbedding_CountsByWordsOnly() =>
        Assert.Equal([(0, 1.0), (1, 0.5)], FusedRanking.Rank([2, 2], [0.9, null], threshold: 0).Select(text => (text.Index, text.Score)));

    [Fact]
    public void Rank_NothingFits_Nothing()
    {
        Assert.Empty(FusedRanking.Rank([], [], threshold: 0));
        Assert.Empty(FusedRanking.Rank([0, 0], [null, null], threshold: 0));
        Assert.Empty(FusedRanking.Rank([0], [-0.5], threshold: 0));
    }

    [Fact]
    public void Rank_OneTextByMeaningAlone_IsFound() => Assert.Equal(1, Assert.Single(FusedRanking.Rank([0], [0.4], threshold: 0.7)).Score);

    [Fact]
    public void Rank_Equals_StayInTheirOrder() =>
        Assert.Equal([1, 2, 3, 0], FusedRanking.Rank([1, 3, 3, 3], [null, null, null, null], threshold: 0).Select(text => text.Index));
}
