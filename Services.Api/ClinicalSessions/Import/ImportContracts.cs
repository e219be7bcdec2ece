using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.ClinicalSessions.Import;

/// <summary>The JSON form of an import. Everything is checked by hand, so that every fault is told at once.</summary>
public sealed record ImportSessionRequest(
    Guid? ClientId,
    DateTimeOffset? StartedAt,
    string? Title,
    [property: JsonConverter(typeof(ImportSegmentsConverter))] IReadOnlyList<ImportSegment?>? Segments);

/// <param name="Start">hh:mm:ss(.fff), mm:ss or seconds, as text or number.</param>
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
