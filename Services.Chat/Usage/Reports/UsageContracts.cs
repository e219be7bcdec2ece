using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Chat.Usage.Reports;

/// <summary>What calls of models came to over days, in all and grouped.</summary>
/// <param name="Scope">practice, or own for who sees their own calls only.</param>
/// <param name="From">The first day, in UTC.</param>
/// <param name="To">The last, included.</param>
/// <param name="KeptFrom">The first day of which all calls are kept: what a report says of earlier ones is not whole.</param>
/// <param name="By">What the items are grouped by.</param>
/// <param name="NextCursor">Null when these are all.</param>
internal sealed record UsageReportResponse(
    string Scope, DateOnly From, DateOnly To, DateOnly KeptFrom, string By, UsageSums Total, IReadOnlyList<UsageGroupResponse> Items, string? NextCursor);

/// <param name="Key">A day, a model's name, a persona, or the id of a user or a key; null for calls that have none.</param>
internal sealed record UsageGroupResponse(string? Key, UsageSums Sums);

/// <param name="Calls">All that were let in, however they ended.</param>
/// <param name="Failed">Of them those without a whole reply: failed, partial, aborted.</param>
/// <param name="Cached">Of them those that cost nothing because the answer was there.</param>
/// <param name="Estimated">Of them those whose provider did not count, so that we did.</param>
internal sealed record UsageSums(
    long Calls, long Failed, long Cached, long Estimated, long InputTokens, long CachedInputTokens, long OutputTokens, long ReasoningTokens, decimal CostUsd);

internal sealed record UsageCallsResponse(IReadOnlyList<UsageCallResponse> Items, string? NextCursor);

/// <param name="RequestId">As the caller got it in X-Request-Id.</param>
/// <param name="Outcome">complete, partial, aborted, failed or cached.</param>
internal sealed record UsageCallResponse(
    string RequestId, DateTimeOffset StartedAt, Guid UserId, string? Persona, Guid? KeyId, Guid? RunId, string Model, string? Provider, string? Endpoint, string Kind,
    string Outcome, string? ErrorCode, long InputTokens, long CachedInputTokens, long OutputTokens, long ReasoningTokens, bool IsEstimated, decimal CostUsd, long DurationMs);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(UsageReportResponse))]
[JsonSerializable(typeof(UsageCallsResponse))]
internal sealed partial class UsageJsonContext : JsonSerializerContext;
