using System.Collections.Frozen;
using System.Text.Json.Serialization;
using AiPlatform.Services.Chat.Models.Calls;

namespace AiPlatform.Services.Chat.Usage.Records;

/// <summary>What a call came to, as it lies in the stream and in the table: who, which model, how it ended, tokens and money. No contents.</summary>
/// <param name="RequestId">Unique: a call that is delivered twice is one row.</param>
/// <param name="Endpoint">The one asked last; null when none was.</param>
/// <param name="CostUsd">To the billionth of a dollar, which every price per token is a multiple of.</param>
internal sealed record SettledCall(
    string RequestId, Guid PracticeId, Guid UserId, string? Persona, Guid? KeyId, Guid? RunId,
    string Model, string? Provider, string? Endpoint, string Kind, bool Streams, string Outcome, string? ErrorCode,
    long InputTokens, long CachedInputTokens, long OutputTokens, long ReasoningTokens, bool IsEstimated, decimal CostUsd,
    DateTimeOffset StartedAt, long DurationMs, long? FirstTokenMs, int Attempts)
{
    public const int CostDecimals = 9;

    private const int MaxName = 200;
    private const int MaxCode = 64;

    public static SettledCall Of(ModelCall call)
    {
        var (caller, usage) = (call.Start.Caller, call.Usage);
        return new(
            call.Start.RequestId, caller.PracticeId, caller.UserId, Cut(caller.Persona, MaxCode), caller.KeyId, caller.RunId,
            Cut(call.Start.Group.Name, MaxName), call.Endpoint?.Provider, Cut(call.Endpoint?.Name, MaxName), Word(call.Start.Kind), call.Start.Streams,
            Word(call.Outcome), Cut(call.ErrorCode, MaxCode),
            usage.Input, usage.CachedInput, usage.Output, usage.Reasoning, usage.IsEstimated, decimal.Round(call.Cost, CostDecimals),
            call.StartedAt, (long)call.Duration.TotalMilliseconds, (long?)call.FirstToken?.TotalMilliseconds, call.Attempts);
    }

    public static string Word<T>(T value)
        where T : struct, Enum => Words<T>.Of.TryGetValue(value, out var word) ? word : value.ToString().ToLowerInvariant();

    private static class Words<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> Of = Enum.GetValues<T>().ToFrozenDictionary(static value => value, static value => value.ToString().ToLowerInvariant());
    }

    // Names come from the operator's file, codes from providers: a long one must not keep the call from being counted.
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    private static string? Cut(string? text, int length) => text?.Length > length ? text[..length] : text;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<SettledCall>))]
internal sealed partial class SettledCallJsonContext : JsonSerializerContext;
