using AiPlatform.Services.Documents.Grounding;
using AiPlatform.Services.Documents.Sources;

namespace AiPlatform.Services.Documents.Tests.Grounding;

public sealed class SupportCheckTests
{
    private static readonly SourceSegment[] Segments =
    [
        new(0, "therapist", "00:00:00", "How often do you smoke at home these days?"),
        new(1, "client", "00:00:10", "I smoke about ten cigarettes, mostly on the balcony. I don't smoke near my daughter."),
        new(2, "therapist", "00:00:20", "Have you ever used the nicotine patches?"),
        new(3, "client", "00:00:30", "No."),
        new(4, "therapist", "00:00:40", "I would suggest a walk after dinner; walking helps with the craving."),
        new(5, "client", "00:00:50", "My mother says “just stop”, but it isn't that easy."),
        new(6, "Mother", "00:01:00", "He coughs every morning."),
        new(7, "therapist", "00:01:10", "Do you sleep well?"),
        new(8, "client", "00:01:20", "Yes, eight hours most nights."),
    ];

    [Theory]
    [InlineData("The client smokes about ten cigarettes, mostly on the balcony.", 1)]
    [InlineData("Sarah reported smoking on the balcony.", 1)]
    [InlineData("Smokes mostly on the balcony.", 1)]
    [InlineData("Reports smoking 10 cigarettes.", 1)]
    [InlineData("The client said \"mostly on the BALCONY.\"", 1)]
    [InlineData("The client said “about ten cigarettes ... near my daughter”.", 1)]
    [InlineData("The client does not smoke near the daughter.", 1)]
    [InlineData("The client denied having used nicotine patches.", 2, 3)]
    [InlineData("Asked about nicotine patches, the client answered \"No.\"", 2, 3)]
    [InlineData("The client confirmed sleeping well.", 7, 8)]
    [InlineData("The therapist suggested walking after dinner.", 4)]
    [InlineData("The therapist asked how often the client smokes at home.", 0)]
    [InlineData("The client said that the mother \"says 'just stop'\".", 5)]
    [InlineData("Coughs every morning, as reported by the family.", 6)]
    public void Holds_CarriedSentence_IsSupported(string sentence, params int[] cited) =>
        Assert.True(Holds(sentence, cited));

    [Theory]
    [InlineData("The client smokes at home these days.", 0)] // a question is not the client's statement
    [InlineData("The client said \"How often do you smoke at home\".", 0)]
    [InlineData("Smokes at home these days.", 0)]
    [InlineData("The client walks after dinner.", 4)]
    [InlineData("The client smokes twelve cigarettes on the balcony.", 1)]
    [InlineData("The client does not smoke on the balcony.", 8)]
    [InlineData("The client smokes near the daughter.", 8)]
    [InlineData("The client said \"I smoke on the balcony\".", 1)] // not what was said
    [InlineData("The client said \"art of cigarettes\".", 1)]
    [InlineData("The client has used nicotine patches.", 2, 3)]
    [InlineData("The client confirmed having used nicotine patches.", 2, 3)]
    [InlineData("The client denied sleeping well.", 7, 8)]
    [InlineData("Asked about sleep, the client answered \"Do you sleep well\".", 7, 8)]
    [InlineData("The therapist smokes ten cigarettes on the balcony.", 1)]
    [InlineData("The client reported depressed mood and suicidal thoughts.", 1)]
    [InlineData("The client said \"it isn't that easy\" and plans to move abroad next summer.", 5)]
    [InlineData("The client agreed.", 1)]
    public void Holds_SentenceBeyondItsEvidence_IsNotSupported(string sentence, params int[] cited) =>
        Assert.False(Holds(sentence, cited));

    private static bool Holds(string sentence, int[] cited) =>
        SupportCheck.Holds(sentence, [.. cited.Select(index => Segments[index])], "Sarah Johnson");
}
