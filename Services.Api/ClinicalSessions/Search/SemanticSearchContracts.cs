using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.ClinicalSessions.Search;

/// <summary>
/// What to look for, and in which transcripts: those that are named, or else the newest that the caller may read, of one client and time
/// when these are given.
/// </summary>
/// <param name="Query">1 to 500 characters.</param>
/// <param name="SessionIds">1 to 50; a transcript has the id of its session, so they may be given as transcriptIds instead.</param>
/// <param name="TranscriptIds">The same under another name.</param>
/// <param name="ClientId">Only this client's; not beside ids.</param>
/// <param name="DateFrom">The first day of the sessions, or an ISO 8601 time; not beside ids.</param>
/// <param name="DateTo">The last day of the sessions, or an ISO 8601 time; it counts too; not beside ids.</param>
/// <param name="Limit">1 to 100; 20 when absent.</param>
/// <param name="SimilarityThreshold">0 to 1: how near to the best a hit must come. 0.7 when absent.</param>
/// <example>{"query":"trouble falling asleep","clientId":"0a000000-0000-7000-8000-000000000301","dateFrom":"2026-01-01","limit":20,"similarityThreshold":0.7}</example>
public sealed record SemanticSearchRequest(
    [Required] string? Query, IReadOnlyList<Guid>? SessionIds, IReadOnlyList<Guid>? TranscriptIds, Guid? ClientId, string? DateFrom, string? DateTo,
    [Range(1, 100)] int? Limit, [Range(0, 1)] double? SimilarityThreshold);

/// <summary>The segments that come nearest, the best first, and what was looked through for them.</summary>
/// <param name="Total">How many reach the threshold.</param>
/// <param name="Searched">How many sessions were looked through: those that the caller may read and that have a transcript.</param>
/// <param name="Segments">How many segments these have.</param>
/// <param name="Since">When the oldest of these sessions began; null when there was none.</param>
/// <param name="Truncated">Whether there are older ones that were not looked through: without ids a search takes the newest 200 transcripts, and of them as many as have 20,000 segments together. dateTo asks for earlier ones.</param>
/// <param name="Embeddings">used; partial (some segments went by words alone); unavailable (the server failed, all went by words alone); off (none is configured).</param>
/// <example>{"items":[{"sessionId":"0a000000-0000-7000-8000-000000040104","index":9,"speaker":"client","start":"00:04:45","startSeconds":285,"text":"I slept badly.","score":1,"wordScore":1,"similarity":0.61,"highlights":[{"start":2,"length":5}]}],"total":1,"searched":1,"segments":24,"since":"2026-11-10T09:30:00Z","truncated":false,"embeddings":"used"}</example>
public sealed record SemanticSearchResponse(
    IReadOnlyList<SemanticHitResponse> Items, int Total, int Searched, int Segments, DateTimeOffset? Since, bool Truncated, string Embeddings);

/// <summary>A segment that was found.</summary>
/// <param name="Index">Its place in the transcript, from 0.</param>
/// <param name="Speaker">Who speaks.</param>
/// <param name="Start">hh:mm:ss from the session's beginning.</param>
/// <param name="StartSeconds">The same as seconds.</param>
/// <param name="Text">What was said.</param>
/// <param name="Score">0 to 1, by words and meaning together; the best hit has 1.</param>
/// <param name="WordScore">By words alone: its BM25 score as a share of the best one.</param>
/// <param name="Similarity">The cosine of segment and query; null without an embedding.</param>
/// <param name="Highlights">Where the query's words stand in the text.</param>
/// <example>{"sessionId":"0a000000-0000-7000-8000-000000040104","index":9,"speaker":"client","start":"00:04:45","startSeconds":285,"text":"I slept badly.","score":1,"wordScore":1,"similarity":0.61,"highlights":[{"start":2,"length":5}]}</example>
public sealed record SemanticHitResponse(
    Guid SessionId, int Index, string Speaker, string Start, double StartSeconds, string Text, double Score, double WordScore, double? Similarity,
    IReadOnlyList<HighlightResponse> Highlights);

/// <summary>A word of the query in a text.</summary>
/// <param name="Start">The first character, in UTF-16 code units from 0.</param>
/// <param name="Length">How many there are.</param>
/// <example>{"start":2,"length":5}</example>
public sealed record HighlightResponse(int Start, int Length);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SemanticSearchRequest))]
[JsonSerializable(typeof(SemanticSearchResponse))]
internal sealed partial class SemanticSearchJsonContext : JsonSerializerContext;
