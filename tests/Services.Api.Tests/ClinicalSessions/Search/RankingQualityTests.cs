using AiPlatform.Services.Api.ClinicalSessions.Search;
using AiPlatform.Services.Api.ClinicalSessions.Terms;
using AiPlatform.Services.Api.Data.Sample;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Search;

/// <summary>How well words alone find what was said. The bound is what a change of tokeniser, stemmer or formula must not undercut.</summary>
public sealed class RankingQualityTests
{
    [Fact]
    public void Search_HalfTheWordsOfAStatement_FindsItAmongTheFirstThree()
    {
        var reader = new TermReader();
        var texts = SampleData.Read().Sessions.SelectMany(session => session.Segments.Select(segment => segment.Text)).ToList();
        var terms = texts.Select(reader.Read).ToList();
        var asked = 0;
        var found = 0;
        foreach (var (index, own) in terms.Index().Where(entry => StemsOf(entry.Item).Count >= 8).Where((_, place) => place % 7 == 0))
        {
            var query = StemsOf(own).Where((_, place) => place % 2 == 0).ToHashSet();
            asked++;
            found += Rank(query, terms).Take(3).Any(ranked => texts[ranked.Index] == texts[index]) ? 1 : 0;
        }

        Assert.True(asked >= 20, $"Only {asked} statements were asked for.");
        Assert.True(found >= asked * 0.95, $"{found} of {asked} statements were among the first three.");
    }

    private static IReadOnlyList<RankedText> Rank(HashSet<string> query, List<IReadOnlyList<Term>> terms) =>
        FusedRanking.Rank(Bm25.Score(query, terms), new double?[terms.Count], threshold: 0);

    private static List<string> StemsOf(IReadOnlyList<Term> terms) => [.. terms.Select(term => term.Stem).Distinct()];
}
