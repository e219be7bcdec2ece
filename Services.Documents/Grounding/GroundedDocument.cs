namespace AiPlatform.Services.Documents.Grounding;

/// <param name="Discussed">False when the sources hold nothing for the section; it then has no sentences.</param>
public sealed record DocumentSection(string Heading, bool Discussed, IReadOnlyList<DocumentSentence> Sentences);

/// <param name="Supported">True when the cited segments carry the sentence; see Grounding.</param>
public sealed record DocumentSentence(string Text, bool Supported, IReadOnlyList<SentenceEvidence> Evidence);

/// <param name="Quote">The segment's text, verbatim.</param>
public sealed record SentenceEvidence(Guid SessionId, int SegmentIndex, string Speaker, string Start, string Quote);
