using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AiPlatform.Services.Chat.Events;

namespace AiPlatform.Services.Chat.Tools;

/// <summary>What a tool returns that asked the user interface for something.</summary>
internal sealed record UiActionResult(string Status, UiAction UiAction, string UserMessage)
{
    public UiActionResult(UiAction action, string userMessage)
        : this(Requested, action, userMessage)
    {
    }

    public const string Requested = "ui_action_requested";
}

internal static class UiActionRequests
{
    private const string TranscribePage = "live_transcribe_page";

    public static UiAction LoadSession(LoadSessionPayload payload) =>
        Of("load_session_direct", payload, UiPayloadJsonContext.Default.LoadSessionPayload);

    public static UiAction SelectTemplate(SelectTemplatePayload payload) =>
        Of("set_selected_template", payload, UiPayloadJsonContext.Default.SelectTemplatePayload);

    public static UiAction ShowDocument(ShowDocumentPayload payload) =>
        Of("generate_document_from_loaded", payload, UiPayloadJsonContext.Default.ShowDocumentPayload);

    private static UiAction Of<T>(string type, T payload, JsonTypeInfo<T> typeInfo) =>
        new(type, TranscribePage, JsonSerializer.SerializeToElement(payload, typeInfo));
}

internal sealed record LoadSessionPayload(
    Guid SessionId, Guid ClientId, string ClientName, string RecordingDate, double Duration, int TotalSegments, double AverageConfidence);

internal sealed record SelectTemplatePayload(Guid TemplateId, string TemplateName, string TemplateContent, string TemplateDescription);

internal sealed record ShowDocumentPayload(
    Guid DocumentId, string DocumentName, int Version, Guid? ClientId, string? ClientName, Guid? TemplateId, string? TemplateName,
    IReadOnlyList<Guid> SessionIds, bool IsRegeneration, string? GenerationInstructions);

/// <summary>What a loaded session shows beside its id and client.</summary>
internal sealed record LoadedSessionDetails(
    string? Title, DateTimeOffset RecordingDate, int Duration, int TotalSegments, double? AverageConfidence);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoadSessionPayload))]
[JsonSerializable(typeof(SelectTemplatePayload))]
[JsonSerializable(typeof(ShowDocumentPayload))]
[JsonSerializable(typeof(LoadedSessionDetails))]
internal sealed partial class UiPayloadJsonContext : JsonSerializerContext;
