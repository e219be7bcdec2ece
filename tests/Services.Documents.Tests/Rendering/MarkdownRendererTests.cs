using AiPlatform.Services.Documents.Grounding;
using AiPlatform.Services.Documents.Rendering;
using AiPlatform.Services.Documents.Sources;
using AiPlatform.Services.Documents.Templates;

namespace AiPlatform.Services.Documents.Tests.Rendering;

public sealed class MarkdownRendererTests
{
    private static readonly Guid First = new("0a000000-0000-7000-8000-0000000000f1");
    private static readonly Guid Second = new("0a000000-0000-7000-8000-0000000000f2");

    [Fact]
    public void Render_ShippedProgressNote_IsTheGolden() => CompareWithGolden("progress-note.md", RenderProgressNote(sessions: 1));

    [Fact]
    public void Render_SeveralSessions_IsTheGolden() => CompareWithGolden("several-sessions.md", RenderProgressNote(sessions: 2));

    [Fact]
    public void Render_OwnTitleAndExtraSection_IsTheGolden()
    {
        var sources = Sources(1);
        var rendered = MarkdownRenderer.Render(
            "Note *for* the file", TemplateParser.Parse("## Concerns\nGuidance is not shown.", "x"),
            [new("Concerns", false, []), new("Sleep & rest", true, [Sentence("The client slept badly.", true, First)])],
            sources, DocumentValues.Of(sources, Now));

        CompareWithGolden("own-title.md", rendered);
    }

    private static DateTimeOffset Now => new(2026, 3, 31, 23, 30, 0, TimeSpan.Zero);

    private static RenderedDocument RenderProgressNote(int sessions)
    {
        var template = BuiltInTemplates.Public[0];
        var outline = TemplateParser.Parse(template.Content, template.Name);
        var sources = Sources(sessions);
        DocumentSection[] sections = [.. outline.Sections.Select(section => section.Heading switch
        {
            "Presenting Concerns" => new DocumentSection(section.Heading, true,
            [
                Sentence("The client said \"I slept badly.\"", true, First),
                Sentence("Asked about <work>, the client answered \"It is 100% fine\".", true, sessions == 1 ? [First, First] : [First, Second]),
            ]),
            "Risk" => new DocumentSection(section.Heading, true, [Sentence("The client is at risk.", false)]),
            _ => new DocumentSection(section.Heading, false, []),
        })];

        return MarkdownRenderer.Render(null, outline, sections, sources, DocumentValues.Of(sources, Now));
    }

    private static SourceSnapshot Sources(int sessions) => new(
        new(Guid.CreateVersion7(), "Zoë O'Brien"), new(Guid.CreateVersion7(), "Dr. Ana Ruiz"), new("Harbour_Practice", "Europe/Berlin"),
        [.. new SourceSession[]
        {
            new(First, "Intake [1]", new(2026, 3, 4, 23, 30, 0, TimeSpan.Zero), []),
            new(Second, "Weekly session", new(2026, 3, 11, 10, 0, 0, TimeSpan.Zero), []),
        }.Take(sessions)]);

    private static DocumentSentence Sentence(string text, bool supported, params Guid[] sessions) => new(
        text, supported, [.. sessions.Select((session, index) => new SentenceEvidence(session, index, "client", $"00:00:{index:00}", "q"))]);

    private static void CompareWithGolden(string name, RenderedDocument rendered)
    {
        var golden = Path.Combine(AppContext.BaseDirectory, "Goldens", name);

        Assert.Equal(File.ReadAllText(golden), $"{rendered.Markdown}\n<!-- {rendered.WordCount} words -->\n");
    }
}
