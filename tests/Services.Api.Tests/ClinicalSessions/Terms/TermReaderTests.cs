using AiPlatform.Services.Api.ClinicalSessions.Terms;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Terms;

public sealed class TermReaderTests
{
    [Fact]
    public void Read_AText_ContentWordsWhereTheyStand()
    {
        const string text = "Um, I don’t sleep well; sleeping at Zoë's house helped.";

        var terms = new TermReader().Read(text);

        Assert.Equal(
            [("sleep", "sleep"), ("sleep", "sleeping"), ("zoe", "Zoë's"), ("hous", "house"), ("help", "helped")],
            terms.Select(term => (term.Stem, text.Substring(term.Start, term.Length))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("Mm-hmm. Okay, yeah, right.")]
    [InlineData("'' ’’ -- !?")]
    public void Read_NothingToSay_NoTerms(string text) => Assert.Empty(new TermReader().Read(text));

    [Fact]
    public void Words_Apostrophes_InsideAWordOnly() =>
        Assert.Equal(["don't", "O’Brien", "well", "rock", "n"], Split("don't O’Brien 'well' rock 'n'"));

    private static IEnumerable<string> Split(string text) => TermReader.Words(text).Select(word => text.Substring(word.Start, word.Length));
}
