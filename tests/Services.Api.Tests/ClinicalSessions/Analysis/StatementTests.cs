using AiPlatform.Services.Api.ClinicalSessions.Analysis;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Analysis;

public sealed class StatementTests
{
    [Fact]
    public void Choose_OfTheClient_WhatTheSessionComesBackToInItsOrder()
    {
        var segments = Lines.Read(
            "therapist: Sleep diary, sleep hygiene, bedtime and the phone: which sleep rule helped?",
            "client: Yes. The sleep diary and the later bedtime helped me. It rained on Monday.",
            "client: The phone stays outside the bedroom, and sleep comes by midnight.",
            "therapist: So the bedtime and the phone.",
            "client: The sleep diary and the later bedtime helped.");

        var chosen = SalientStatements.Choose(segments);

        Assert.Equal(
            [(1, "The sleep diary and the later bedtime helped me."), (2, "The phone stays outside the bedroom, and sleep comes by midnight.")],
            chosen.Select(quote => (quote.Index, quote.Text)));
        Assert.All(chosen, quote => Assert.Contains(quote.Text, segments[quote.Index].Segment.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Choose_NothingButSmallTalk_None() => Assert.Empty(SalientStatements.Choose(Lines.Read("client: Yes.", "client: Mm-hmm, okay.", "therapist: I see the garden window.")));

    [Fact]
    public void Questions_OfTheTherapist_EachWithWhatSomebodyElseSaidNext()
    {
        var questions = Questions.Find(Lines.Read(
            "therapist: Good. How did you sleep? And what about 8.30?", "therapist: Take your time.", "client: Badly. Did you ask?", "therapist: Okay?", "therapist: What would help you?"));

        Assert.Equal(
            [(0, "How did you sleep?", 2), (0, "And what about 8.30?", 2), (4, "What would help you?", (int?)null)],
            questions.Select(question => (question.Question.Index, question.Question.Text, question.Answer?.Index)));
        Assert.Equal("Badly. Did you ask?", questions[0].Answer!.Text);
    }

    [Fact]
    public void Questions_OfAVeryLongSession_TheFirstFifty()
    {
        var questions = Questions.Find(Lines.Read([.. Enumerable.Range(0, 60).Select(number => $"therapist: And what about {number}?")]));

        Assert.Equal(Enumerable.Range(0, 50), questions.Select(question => question.Question.Index));
    }

    [Theory]
    [InlineData("One. Two? Three!", "One.|Two?|Three!")]
    [InlineData("At 8.30 I slept... Then what?! No end", "At 8.30 I slept...|Then what?!|No end")]
    [InlineData("  \n ", "")]
    [InlineData("", "")]
    [InlineData("A.\nB.", "A.|B.")]
    public void Sentences_OfAText_Cut(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', Sentences.Of(text).Select(sentence => text.Substring(sentence.Start, sentence.Length))));
}
