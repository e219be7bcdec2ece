namespace AiPlatform.Services.Chat.Services;

internal sealed record SearchTranscriptsRequest(string Query, IReadOnlyList<Guid> TranscriptIds, int Limit, double SimilarityThreshold);

/// <param name="Embeddings">Whether meaning took part, beside words: used, partial, unavailable or off.</param>
internal sealed record TranscriptHits(IReadOnlyList<TranscriptHit> Items, int Total, int Searched, string Embeddings);

internal sealed record TranscriptHit(
    Guid SessionId, int Index, string Speaker, string Start, string Text, double Score, IReadOnlyList<TranscriptHighlight> Highlights);

internal sealed record TranscriptHighlight(int Start, int Length);

internal sealed record AnalyzeSessionRequest(string AnalysisType, Guid ClientId);

/// <summary>What the practice counts in a transcript and quotes from it; the parts that were not asked for are null.</summary>
internal sealed record SessionAnalysis(
    Guid SessionId, Guid ClientId, string AnalysisType, string Method, int TotalSegments, IReadOnlyList<AnalyzedSpeaker> Speakers,
    AnalyzedSummary? Summary = null, AnalyzedSentiment? Sentiment = null, IReadOnlyList<AnalyzedTopic>? Topics = null,
    IReadOnlyList<AnalyzedTheme>? Themes = null);

internal sealed record AnalyzedSpeaker(string Label, string Role, int Segments, int Words, double SpeakingShare);

internal sealed record AnalyzedQuote(int Index, string Speaker, string Start, string Text);

internal sealed record AnalyzedSummary(IReadOnlyList<AnalyzedQuote> Statements, IReadOnlyList<AnalyzedQuestion> Questions);

internal sealed record AnalyzedQuestion(AnalyzedQuote Question, AnalyzedQuote? Answer = null);

internal sealed record AnalyzedSentiment(
    string Label, int Positive, int Negative, IReadOnlyList<double?> Course, IReadOnlyList<AnalyzedStatement> Strongest, double? Score = null);

internal sealed record AnalyzedStatement(AnalyzedQuote Statement, double Score, IReadOnlyList<AnalyzedWord> Words);

internal sealed record AnalyzedWord(string Word, double Value, bool Negated);

internal sealed record AnalyzedTopic(string Term, int Count, IReadOnlyList<int> Segments);

internal sealed record AnalyzedTheme(IReadOnlyList<string> Terms, IReadOnlyList<int> Segments, AnalyzedQuote Statement);
