using System.Text.Encodings.Web;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Providers.Local.Conversations;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Drafting;

/// <summary>Answers a document_draft request: JSON in, JSON out.</summary>
internal static class DraftWriter
{
    public const string SchemaName = "document_draft";

    private static readonly string[] HeadingPath = ["properties", "sections", "items", "properties", "heading", "enum"];

    private static readonly DraftJsonContext Json = new(new JsonSerializerOptions(DraftJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <param name="schema">The reply's schema; the headings it lists are the only ones the reply may use.</param>
    public static string Write(string json, JsonElement? schema)
    {
        DraftRequest request;

        try
        {
            request = JsonSerializer.Deserialize(json, Json.DraftRequest) ?? throw new JsonException();
        }
        catch (JsonException exception)
        {
            throw new DomainException(DomainErrorKind.Invalid, "draft.request_invalid", "The last message is no document_draft request.", exception);
        }

        return JsonSerializer.Serialize(Write(request, HeadingsOf(schema)), Json.Draft);
    }

    /// <param name="allowed">The headings that may be used; empty for any.</param>
    public static Draft Write(DraftRequest request, IReadOnlyList<string> allowed)
    {
        var statements = StatementReader.Read(request);
        var wishes = Wishes.Read(request.Instructions, [.. Headings(request)]).Within(allowed);

        if (request.Previous is { Sections.Count: > 0 } previous)
        {
            return Refinement.Apply(request, previous, statements, wishes);
        }

        var writer = new SectionWriter(statements, wishes.Focus);
        var draft = new Draft(InOrder(request.Template.Sections, section => writer.Write(section.Heading, section.Guidance)));

        return wishes.IsEmpty ? draft : Refinement.Adjust(draft, writer, wishes, longer: null);
    }

    /// <summary>
    /// Sections of one topic choose first and the general ones take of what is left, whatever their order on the page:
    /// otherwise the first section would use up what a later one is made for.
    /// </summary>
    internal static List<DraftSection> InOrder(IReadOnlyList<TemplateSection> sections, Func<TemplateSection, List<DraftSentence>> write)
    {
        var written = new DraftSection?[sections.Count];

        foreach (var index in Enumerable.Range(0, sections.Count).OrderBy(index => Turn(SectionKinds.Of(sections[index].Heading, sections[index].Guidance))))
        {
            written[index] = new(sections[index].Heading, write(sections[index]));
        }

        return [.. written.OfType<DraftSection>()];
    }

    private static int Turn(SectionKind kind) => kind switch
    {
        SectionKind.ClientReport => 4,
        SectionKind.Open => 3,
        SectionKind.Themes => 5,
        SectionKind.Plan => 1,
        SectionKind.Goals or SectionKind.Progress or SectionKind.Strengths or SectionKind.History => 2,
        _ => 0,
    };

    // {"properties":{"sections":{"items":{"properties":{"heading":{"enum":["Subjective", ...]}}}}}}
    private static IReadOnlyList<string> HeadingsOf(JsonElement? schema)
    {
        var at = schema;

        foreach (var name in HeadingPath)
        {
            at = at is { } element ? JsonFields.Get(element, name) : null;
        }

        return at is { ValueKind: JsonValueKind.Array } headings ? [.. headings.EnumerateArray().Select(heading => heading.ToString())] : [];
    }

    private static IEnumerable<string> Headings(DraftRequest request) =>
        request.Template.Sections.Select(section => section.Heading)
            .Concat(request.Previous?.Sections.Select(section => section.Heading) ?? [])
            .Distinct(StringComparer.OrdinalIgnoreCase);
}
