using System.Text.Json.Serialization;

namespace AiPlatform.Services.Documents.Drafting;

/// <summary>What a model wrote, section by section, each sentence with the segments it says it rests on.</summary>
/// <param name="Note">What of the instructions could not be carried out.</param>
internal sealed record Draft(
    IReadOnlyList<DraftSection> Sections,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note = null);

internal sealed record DraftSection(string Heading, IReadOnlyList<DraftSentence> Sentences);

/// <param name="Evidence">Segments by the names of <see cref="Sources.SourceSegment.CitedAs"/>.</param>
internal sealed record DraftSentence(string Text, IReadOnlyList<string> Evidence);
