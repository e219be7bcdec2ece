using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.ClinicalSessions.Import;

/// <summary>The JSON form of an import. Everything is checked by hand, so that every fault is told at once.</summary>
/// <param name="ClientId">Whose session it is.</param>
/// <param name="StartedAt">When it began, not in the future.</param>
/// <param name="Title">1 to 200 characters.</param>
/// <param name="Segments">The utterances in order, 1 to 5,000.</param>
/// <example>{"clientId":"0a000000-0000-7000-8000-000000000301","startedAt":"2026-11-18T17:00:00Z","title":"Sunday evenings","segments":[{"speaker":"client","start":"00:00:20","text":"It is fine."}]}</example>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ImportSessionRequest(
    [Required] Guid? ClientId,
    [Required] DateTimeOffset? StartedAt,
    [Required] string? Title,
    [property: JsonConverter(typeof(ImportSegmentsConverter)), Required] IReadOnlyList<ImportSegment?>? Segments);

/// <summary>One utterance.</summary>
/// <param name="Speaker">Who speaks, 1 to 64 characters.</param>
/// <param name="Text">What was said, up to 16,000 characters.</param>
/// <param name="Start">hh:mm:ss(.fff), mm:ss or seconds, as text or number.</param>
/// <example>{"speaker":"client","start":"00:00:20","text":"It is fine."}</example>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ImportSegment(string? Speaker, [property: JsonConverter(typeof(TextOrNumberConverter))] string? Start, string? Text);

internal sealed class TextOrNumberConverter : JsonConverter<string?>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number => JsonElement.ParseValue(ref reader).GetRawText(),
        JsonTokenType.String => reader.GetString(),
        _ => throw new JsonException("A time is a text or a number."),
    };

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
