using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Chat.Sessions;

/// <summary>
/// What the user's screen shows, as the UI last told us and as tools changed it. The outer names are PROTOCOL section 4's
/// mix of snake_case and camelCase; objects inside are the UI's own, so unknown fields of theirs are kept.
/// </summary>
internal sealed record UiState
{
    public static readonly UiState Empty = new();

    [JsonPropertyName("page_type")]
    public string PageType { get; init; } = "unknown";

    [JsonPropertyName("page_url")]
    public string? PageUrl { get; init; }

    [JsonPropertyName("currentClient")]
    public UiClient? CurrentClient { get; init; }

    [JsonPropertyName("selectedTemplate")]
    public UiTemplate? SelectedTemplate { get; init; }

    [JsonPropertyName("loadedSessions")]
    public IReadOnlyList<UiLoadedSession> LoadedSessions { get; init; } = [];

    [JsonPropertyName("generatedDocuments")]
    public IReadOnlyList<UiDocument> GeneratedDocuments { get; init; } = [];

    [JsonPropertyName("active_tab")]
    public string? ActiveTab { get; init; }

    /// <summary>Time of the UI's last frame that was applied; older frames are stale.</summary>
    [JsonPropertyName("last_updated")]
    public DateTimeOffset LastUpdated { get; init; }
}

internal sealed record UiClient
{
    public required string ClientId { get; init; }

    public string? ClientName { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Rest { get; set; }
}

internal sealed record UiTemplate
{
    public required string TemplateId { get; init; }

    public string? TemplateName { get; init; }

    public string? TemplateContent { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Rest { get; set; }
}

internal sealed record UiLoadedSession
{
    public required string SessionId { get; init; }

    public string? ClientId { get; init; }

    public string? ClientName { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Rest { get; set; }
}

internal sealed record UiDocument
{
    public required string DocumentId { get; init; }

    public string? DocumentName { get; init; }

    public int Version { get; init; } = 1;

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Rest { get; set; }
}
