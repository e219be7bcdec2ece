using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.ClinicalSessions.Import;

/// <summary>Reads segments up to the limit and no further: ten megabytes of "{}," would be three million objects.</summary>
internal sealed class ImportSegmentsConverter : JsonConverter<IReadOnlyList<ImportSegment?>?>
{
    public override IReadOnlyList<ImportSegment?>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            throw new JsonException("Segments are a list.");
        }

        var segments = new List<ImportSegment?>();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            ImportLimits.EnsureSegments(segments.Count + 1);
            try
            {
                segments.Add(JsonSerializer.Deserialize(ref reader, ImportSegmentJsonContext.Default.ImportSegment));
            }
            catch (JsonException exception)
            {
                throw new ImportSegmentException(segments.Count, exception);
            }
        }

        return segments;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<ImportSegment?>? value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Imports are only read.");
}

/// <summary>
/// A segment that cannot be read. The exception inside counts lines from the segment's beginning; the serializer that the
/// converter runs in gives this one the line where the segment begins.
/// </summary>
internal sealed class ImportSegmentException(int index, JsonException fault) : JsonException(null, fault)
{
    public string Field => $"segments[{index}]{(fault.Path is { Length: > 1 } path ? path[1..] : "")}";

    public int? Line => (int?)(LineNumber + fault.LineNumber) + 1;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ImportSegment))]
internal sealed partial class ImportSegmentJsonContext : JsonSerializerContext;
