using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Chat.Sessions;

/// <summary>
/// UI state as JSON; the UI's own objects are camelCase. Not source-generated: generated code sets init-only properties that are absent
/// to null instead of leaving their defaults, and cannot take unknown fields into one.
/// </summary>
internal static class UiStateJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
    };

    public static byte[] Write(UiState state) => JsonSerializer.SerializeToUtf8Bytes(state, Options);

    public static UiState Read(ReadOnlySpan<byte> utf8) => JsonSerializer.Deserialize<UiState>(utf8, Options) ?? UiState.Empty;

    public static T? Read<T>(JsonElement element)
        where T : class => element.Deserialize<T>(Options);
}
