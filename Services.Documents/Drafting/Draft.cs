namespace AiPlatform.Services.Documents.Drafting;

/// <summary>What a model wrote, section by section, each sentence with the segments it says it rests on.</summary>
internal sealed record Draft(IReadOnlyList<DraftSection> Sections);

internal sealed record DraftSection(string Heading, IReadOnlyList<DraftSentence> Sentences);

/// <param name="Evidence">Segments by the names of <see cref="Sources.SourceSegment.CitedAs"/>.</param>
internal sealed record DraftSentence(string Text, IReadOnlyList<string> Evidence);
