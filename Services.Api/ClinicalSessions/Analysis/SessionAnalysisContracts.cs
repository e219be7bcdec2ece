using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.ClinicalSessions.Analysis;

/// <summary>What to count.</summary>
/// <param name="AnalysisType">summary, sentiment, topics, themes or comprehensive; comprehensive when absent.</param>
/// <param name="ClientId">Whose session it has to be; not checked when absent.</param>
/// <example>{"analysisType":"comprehensive","clientId":"0a000000-0000-7000-8000-000000000301"}</example>
public sealed record AnalyzeSessionRequest(
    [AllowedValues("summary", "sentiment", "topics", "themes", "comprehensive")] string? AnalysisType, Guid? ClientId);

/// <summary>What can be counted in a transcript and quoted from it. No model took part, and nothing is concluded: it is matter to work from.</summary>
/// <param name="AnalysisType">As it was asked for.</param>
/// <param name="Method">extractive: the same transcript gives the same answer.</param>
/// <param name="TotalSegments">Utterances of the transcript.</param>
/// <param name="Speakers">Who speaks, and how much.</param>
/// <example>{"sessionId":"0a000000-0000-7000-8000-000000040104","clientId":"0a000000-0000-7000-8000-000000000301","analysisType":"topics","method":"extractive","totalSegments":24,"speakers":[{"label":"client","role":"client","segments":12,"words":240,"speakingShare":0.6}],"topics":[{"term":"sleep","count":5,"segments":[3,9,11]}]}</example>
public sealed record SessionAnalysisResponse(
    Guid SessionId, Guid ClientId, string AnalysisType, string Method, int TotalSegments, IReadOnlyList<SpeakerResponse> Speakers)
{
    /// <summary>What was said that carries most, and what was asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SessionSummaryResponse? Summary { get; init; }

    /// <summary>The client's words of feeling.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SentimentResponse? Sentiment { get; init; }

    /// <summary>What the session comes back to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TopicResponse>? Topics { get; init; }

    /// <summary>Topics that are spoken of together.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ThemeResponse>? Themes { get; init; }
}

/// <summary>Words of a segment, verbatim.</summary>
/// <param name="Index">Of the segment, from 0.</param>
/// <param name="Speaker">Who speaks.</param>
/// <param name="Start">hh:mm:ss from the session's beginning.</param>
/// <param name="Text">The segment's own, or a sentence of it.</param>
/// <example>{"index":9,"speaker":"client","start":"00:04:45","text":"I slept six hours on average."}</example>
public sealed record SegmentQuote(int Index, string Speaker, string Start, string Text);

/// <summary>What was said that carries most, and what was asked.</summary>
/// <param name="Statements">What the client said with the most of the session's own words, in the order of the session.</param>
/// <param name="Questions">What the therapist asked, the first 50, each with what was said next by somebody else.</param>
/// <example>{"statements":[{"index":9,"speaker":"client","start":"00:04:45","text":"I slept six hours on average."}],"questions":[{"question":{"index":8,"speaker":"therapist","start":"00:04:30","text":"How did you sleep?"},"answer":{"index":9,"speaker":"client","start":"00:04:45","text":"I slept six hours on average."}}]}</example>
public sealed record SessionSummaryResponse(IReadOnlyList<SegmentQuote> Statements, IReadOnlyList<QuestionResponse> Questions);

/// <summary>A question and what followed.</summary>
/// <param name="Question">The sentence that asks.</param>
/// <param name="Answer">The next segment of somebody else; null when there is none.</param>
/// <example>{"question":{"index":8,"speaker":"therapist","start":"00:04:30","text":"How did you sleep?"},"answer":{"index":9,"speaker":"client","start":"00:04:45","text":"I slept six hours on average."}}</example>
public sealed record QuestionResponse(SegmentQuote Question, SegmentQuote? Answer);

/// <summary>A content word that the session comes back to.</summary>
/// <param name="Term">In the form in which it is said most often.</param>
/// <param name="Count">How often it is said in any form.</param>
/// <param name="Segments">The places, by their index.</param>
/// <example>{"term":"sleep","count":5,"segments":[3,9,11]}</example>
public sealed record TopicResponse(string Term, int Count, IReadOnlyList<int> Segments);

/// <summary>Topics that are spoken of together.</summary>
/// <param name="Terms">The topics, the most frequent first.</param>
/// <param name="Segments">Where at least two of them occur, by their index.</param>
/// <param name="Statement">The segment with the most of them.</param>
/// <example>{"terms":["sleep","evening"],"segments":[9,11],"statement":{"index":9,"speaker":"client","start":"00:04:45","text":"I slept six hours on average."}}</example>
public sealed record ThemeResponse(IReadOnlyList<string> Terms, IReadOnlyList<int> Segments, SegmentQuote Statement);

/// <summary>The words of feeling in what the client said, counted by a small list; no reading of a mood.</summary>
/// <param name="Label">positive, negative or balanced; none when no such word was said.</param>
/// <param name="Score">The mean of the words, -1 to 1; null when there are none.</param>
/// <param name="Positive">How many words lean that way.</param>
/// <param name="Negative">How many words lean that way.</param>
/// <param name="Course">The means of the first, middle and last third of the transcript; null where there are no such words.</param>
/// <param name="Strongest">The statements that lean furthest to either side, in the order of the session.</param>
/// <example>{"label":"negative","score":-0.5,"positive":0,"negative":1,"course":[null,-0.5,null],"strongest":[{"statement":{"index":9,"speaker":"client","start":"00:04:45","text":"I am tired."},"score":-0.5,"words":[{"word":"tired","value":-0.5,"negated":false}]}]}</example>
public sealed record SentimentResponse(
    string Label, double? Score, int Positive, int Negative, IReadOnlyList<double?> Course, IReadOnlyList<SentimentStatementResponse> Strongest);

/// <summary>A statement with words of feeling.</summary>
/// <param name="Statement">What the client said.</param>
/// <param name="Score">The mean of its words, -1 to 1.</param>
/// <param name="Words">Those that were counted.</param>
/// <example>{"statement":{"index":9,"speaker":"client","start":"00:04:45","text":"I am tired."},"score":-0.5,"words":[{"word":"tired","value":-0.5,"negated":false}]}</example>
public sealed record SentimentStatementResponse(SegmentQuote Statement, double Score, IReadOnlyList<SentimentWordResponse> Words);

/// <summary>A word of feeling.</summary>
/// <param name="Word">As it was said, in lower case.</param>
/// <param name="Value">-1 to 1, turned round and halved when a negation stands before it.</param>
/// <param name="Negated">Whether one does.</param>
/// <example>{"word":"tired","value":-0.5,"negated":false}</example>
public sealed record SentimentWordResponse(string Word, double Value, bool Negated);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AnalyzeSessionRequest))]
[JsonSerializable(typeof(SessionAnalysisResponse))]
internal sealed partial class SessionAnalysisJsonContext : JsonSerializerContext;
