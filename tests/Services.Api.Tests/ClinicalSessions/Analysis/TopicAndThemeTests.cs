using AiPlatform.Services.Api.ClinicalSessions.Analysis;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Analysis;

public sealed class TopicAndThemeTests
{
    private static readonly IReadOnlyList<AnalyzedSegment> Segments = Lines.Read(
        "therapist: How is the sleep?", "client: Sleeping is hard in the evenings.", "client: My sister called.", "therapist: And the evening before?",
        "client: I sleep when the evening is quiet.", "client: My sister slept at the office.", "client: Sleep, sleep, sleep.");

    [Fact]
    public void Topics_WordsOfSeveralSegments_WithTheirPlacesAndUsualForm() =>
        Assert.Equal(
            ["sleep 6 0,1,4,6", "evening 3 1,3,4", "sister 2 2,5"],
            Topics.Find(Segments).Select(topic => $"{topic.Term} {topic.Count} {string.Join(',', topic.Segments)}"));

    [Fact]
    public void Themes_TopicsSpokenOfTogether_WithTheSegmentsThatHaveBoth()
    {
        var theme = Assert.Single(Themes.Find(Segments, Topics.Find(Segments)));

        Assert.Equal(["sleep", "evening"], theme.Terms);
        Assert.Equal([1, 4], theme.Segments);
        Assert.Equal((1, "Sleeping is hard in the evenings."), (theme.Statement.Index, theme.Statement.Text));
    }

    [Fact]
    public void Topics_WhatIsSaidInOneSegmentOnly_AreNone()
    {
        var segments = Lines.Read("client: Kestrel, kestrel, kestrel.", "client: Heron.");

        Assert.Empty(Topics.Find(segments));
        Assert.Empty(Themes.Find(segments, Topics.Find(segments)));
    }
}
