using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Providers.Local;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Models.Local;

public sealed class DraftTests
{
    private static readonly (string Speaker, string Text)[] Sleep =
    [
        ("therapist", "How have you been sleeping?"),
        ("client", "Not well, I wake up at four every night and worry about work."),
        ("therapist", "It sounds like the worry about work keeps you awake."),
        ("client", "Mm-hmm."),
        ("therapist", "Do you drink alcohol in the evening?"),
        ("client", "No."),
        ("therapist", "Some people find it helps to put the phone away an hour before bed."),
        ("client", "Yeah, I'm going to leave my phone in the kitchen"),
        ("therapist", "Okay."),
        ("client", "and I'll read a book before sleep."),
        ("therapist", "Let's look at it again next week."),
    ];

    private static readonly (string Speaker, string Text)[] Grief =
    [
        ("therapist", "What has been on your mind?"),
        ("client", "My mother died in March and I cry whenever I see her garden."),
        ("client", "My sister helps me with the house and I am proud of how we managed the funeral."),
    ];

    [Fact]
    public async Task Draft_Session_ReportsEachSpeakersOwnWordsWithTheirSegments()
    {
        var draft = await DraftAsync(Sleep, ["Subjective", "Substance use", "Interventions", "Plan", "Medication"]);

        Assert.Equal(
            """
            Subjective
              The client reported: "Not well, I wake up at four every night and worry about work". [S:1]
            Substance use
              Asked "Do you drink alcohol in the evening?", the client answered "No". [S:4 S:5]
            Interventions
              The therapist reflected: "It sounds like the worry about work keeps you awake". [S:2]
              The therapist suggested: "Some people find it helps to put the phone away an hour before bed". [S:6]
            Plan
              The client said: "I'm going to leave my phone in the kitchen" ... "I'll read a book before sleep". [S:7 S:9]
              The therapist said: "Let's look at it again next week". [S:10]
            Medication

            """,
            Print(draft));
    }

    [Theory]
    [InlineData("Before we finish, have you had any thoughts of ending things since last time?", "No, not at all, and I would tell Karin.")]
    [InlineData("And my usual question: has there been any thought of harming yourself?", "No.")]
    [InlineData("Any thoughts of hurting yourself since we last met?", "I sometimes think the children would manage without me.")]
    public async Task Draft_RiskAskedAbout_IsNeverNotDiscussed(string question, string answer)
    {
        var draft = await DraftAsync([.. Sleep, ("therapist", question), ("client", answer)], ["Risk"]);

        var sentence = Assert.Single(draft.GetProperty("sections")[0].GetProperty("sentences").EnumerateArray());
        Assert.Contains($"S:{Sleep.Length + 1}", sentence.GetProperty("evidence").EnumerateArray().Select(segment => segment.GetString()));
    }

    [Fact]
    public async Task Draft_OtherSession_IsAnotherNote()
    {
        string[] headings = ["Subjective", "Plan"];

        var one = await DraftAsync(Sleep, headings);
        var other = await DraftAsync(Grief, headings);

        Assert.NotEqual(Print(one), Print(other));
        Assert.Empty(other.GetProperty("sections")[1].GetProperty("sentences").EnumerateArray());
    }

    [Fact]
    public async Task Draft_AnySentence_QuotesItsSegmentsVerbatim()
    {
        var draft = await DraftAsync(Sleep, ["Summary", "Themes", "Interventions", "Plan", "Sleep", "Risk"]);

        var sentences = draft.GetProperty("sections").EnumerateArray().SelectMany(section => section.GetProperty("sentences").EnumerateArray()).ToList();
        Assert.NotEmpty(sentences);
        Assert.All(sentences, sentence =>
        {
            var evidence = sentence.GetProperty("evidence").EnumerateArray().Select(id => Sleep[int.Parse(id.GetString()!["S:".Length..], System.Globalization.CultureInfo.InvariantCulture)].Text).ToList();
            var quotes = sentence.GetProperty("text").GetString()!.Split('"').Where((_, index) => index % 2 == 1).ToList();
            Assert.NotEmpty(evidence);
            Assert.All(quotes, quote => Assert.Contains(evidence, text => text.Contains(quote, StringComparison.Ordinal)));
        });
    }

    [Fact]
    public async Task Draft_Interview_NeverGivesAQuestionToTheClient()
    {
        var draft = await DraftAsync(Sleep, ["Subjective", "Sleep", "Substance use", "Work"]);

        Assert.DoesNotContain(
            draft.GetProperty("sections").EnumerateArray().SelectMany(section => section.GetProperty("sentences").EnumerateArray()).Select(sentence => sentence.GetProperty("text").GetString()!),
            text => text.StartsWith("The client", StringComparison.Ordinal) && text.Contains('?', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Drop the Risk section", "Subjective", null)]
    [InlineData("Rename the Subjective section to Client report", "Client report,Risk", null)]
    [InlineData("Make it more formal", "Subjective,Risk", "The local model keeps to the speakers' words, so it did not change the style (\"formal\").")]
    [InlineData("Mention the phone in the kitchen", "Subjective,Risk", null)]
    [InlineData("Mention the trip to Norway", "Subjective,Risk", "The transcript says nothing about \"trip to Norway\", so the draft does not either.")]
    public async Task Refine_Instruction_IsDoneOrNamed(string instructions, string headings, string? note)
    {
        const string previous = """{"sections":[{"heading":"Subjective","sentences":[{"text":"The client reported: \"I wake up at four every night\".","evidence":["S:1"]}]},{"heading":"Risk","sentences":[]}]}""";

        var draft = await DraftAsync(Sleep, ["Subjective", "Risk"], instructions, previous);

        Assert.Equal(headings, string.Join(',', draft.GetProperty("sections").EnumerateArray().Select(section => section.GetProperty("heading").GetString())));
        Assert.Equal(note, draft.TryGetProperty("note", out var said) ? said.GetString() : null);
        Assert.Equal(
            instructions.Contains("kitchen", StringComparison.Ordinal) ? 2 : 1,
            draft.GetProperty("sections")[0].GetProperty("sentences").GetArrayLength());
    }

    [Fact]
    public async Task Refine_FixedHeadings_StaysWithinTheSchema()
    {
        var schema = JsonElement.Parse("""{"type":"object","properties":{"sections":{"type":"array","items":{"type":"object","properties":{"heading":{"type":"string","enum":["Subjective"]}}}}}}""");

        var draft = await DraftAsync(Sleep, ["Subjective"], "Add a section about the phone", """{"sections":[{"heading":"Subjective","sentences":[]}]}""", schema);

        Assert.Equal("Subjective", draft.GetProperty("sections").EnumerateArray().Single().GetProperty("heading").GetString());
        Assert.Contains("phone", draft.GetProperty("sections")[0].GetProperty("sentences")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("The template has no section \"Phone\"", draft.GetProperty("note").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_OtherSchema_IsRefusedByName()
    {
        using var client = new LocalChatClient(TimeProvider.System);
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}"""), "recipe") };

        var failure = await Assert.ThrowsAsync<DomainException>(() => client.GetResponseAsync("Cook.", options));

        Assert.Equal("model.schema_unsupported", failure.Code);
    }

    private static async Task<JsonElement> DraftAsync(
        (string Speaker, string Text)[] segments, string[] headings, string instructions = "", string? previous = null, JsonElement? schema = null)
    {
        using var client = new LocalChatClient(TimeProvider.System);
        var request = new Dictionary<string, object?>
        {
            ["task"] = "document_draft",
            ["template"] = new { name = "Note", sections = headings.Select(heading => new { heading, guidance = "" }) },
            ["client"] = new { name = "Maria Lopez" },
            ["practitioner"] = new { name = "Dr. Ana Ruiz" },
            ["instructions"] = instructions,
            ["sessions"] = new[] { new { id = "S", title = "Session", startedAt = "2026-05-12T09:00:00Z", segments = segments.Select((segment, index) => new { id = $"S:{index}", speaker = segment.Speaker, start = "00:00:00", text = segment.Text }) } },
        };

        if (previous is not null)
        {
            request["previous"] = JsonElement.Parse(previous);
        }

        var response = await client.GetResponseAsync(
            JsonSerializer.Serialize(request),
            new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema ?? JsonElement.Parse("""{"type":"object"}"""), "document_draft") });

        return JsonElement.Parse(response.Text);
    }

    private static string Print(JsonElement draft) => string.Concat(draft.GetProperty("sections").EnumerateArray().Select(section =>
        $"{section.GetProperty("heading").GetString()}\n{string.Concat(section.GetProperty("sentences").EnumerateArray().Select(sentence => $"  {sentence.GetProperty("text").GetString()} [{string.Join(' ', sentence.GetProperty("evidence").EnumerateArray())}]\n"))}"));
}
