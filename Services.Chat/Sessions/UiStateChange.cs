using System.Globalization;
using System.Text.Json;

namespace AiPlatform.Services.Chat.Sessions;

/// <summary>A change the UI asks for: everything (full), or one named field (incremental).</summary>
internal sealed record UiStateChange(UiStateChangeKind Kind, DateTimeOffset Timestamp, Func<UiState, UiState> Apply)
{
    // A clock that runs ahead by more must not shut everybody else's changes out until then.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    /// <summary>Incremental changes older than what is stored come too late; equal ones apply.</summary>
    public bool IsStaleFor(UiState state) => Kind == UiStateChangeKind.Incremental && Timestamp < state.LastUpdated;

    /// <returns>Null when the frame's state cannot be read: not an object, a field of the wrong kind, an unknown field name.</returns>
    public static UiStateChange? Parse(JsonElement frame, DateTimeOffset now)
    {
        try
        {
            return frame.TryGetProperty("state", out var state) ? ParseFull(state, frame, now) : ParseIncremental(frame, now);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static UiStateChange? ParseFull(JsonElement state, JsonElement frame, DateTimeOffset now)
    {
        if (state.ValueKind != JsonValueKind.Object
            || UiStateJson.Read<UiState>(state) is not { LoadedSessions: not null, GeneratedDocuments: not null, PageType: not null } parsed
            || ReadTime(state, now, ReadTime(frame, now, now)) is not { } timestamp)
        {
            return null;
        }

        var full = parsed with { LastUpdated = timestamp };
        return new(UiStateChangeKind.Full, timestamp, _ => full);
    }

    private static UiStateChange? ParseIncremental(JsonElement frame, DateTimeOffset now)
    {
        if (!frame.TryGetProperty("changeType", out var name)
            || name.ValueKind != JsonValueKind.String
            || !frame.TryGetProperty("payload", out var payload)
            || ReadTime(frame, now, now) is not { } timestamp
            || ParseField(name.GetString()!, payload) is not { } field)
        {
            return null;
        }

        var pageType = ReadText(frame, "page_type");
        var pageUrl = ReadText(frame, "page_url");
        return new(
            UiStateChangeKind.Incremental,
            timestamp,
            state => field(state with { PageType = pageType ?? state.PageType, PageUrl = pageUrl ?? state.PageUrl, LastUpdated = timestamp }));
    }

    private static Func<UiState, UiState>? ParseField(string name, JsonElement payload)
    {
        switch (name)
        {
            case "currentClient":
                var client = UiStateJson.Read<UiClient>(payload);
                return state => state with { CurrentClient = client };
            case "selectedTemplate":
                var template = UiStateJson.Read<UiTemplate>(payload);
                return state => state with { SelectedTemplate = template };
            case "loadedSessions" when UiStateJson.Read<IReadOnlyList<UiLoadedSession>>(payload) is { } sessions:
                return state => state with { LoadedSessions = sessions };
            case "generatedDocuments" when UiStateJson.Read<IReadOnlyList<UiDocument>>(payload) is { } documents:
                return state => state with { GeneratedDocuments = documents };
            case "active_tab" when payload.ValueKind is JsonValueKind.String or JsonValueKind.Null:
                var tab = payload.GetString();
                return state => state with { ActiveTab = tab };
            case "page_type" when payload.ValueKind is JsonValueKind.String:
                var pageType = payload.GetString()!;
                return state => state with { PageType = pageType };
            case "page_url" when payload.ValueKind is JsonValueKind.String or JsonValueKind.Null:
                var pageUrl = payload.GetString();
                return state => state with { PageUrl = pageUrl };
            default:
                return null;
        }
    }

    private static string? ReadText(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // "2026-03-01T09:30:00.000Z", or milliseconds since 1970 as a browser's Date.now() gives them. Further ahead than clocks differ, it counts as now.
    private static DateTimeOffset? ReadTime(JsonElement element, DateTimeOffset now, DateTimeOffset? fallback)
    {
        if (!element.TryGetProperty("timestamp", out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return fallback;
        }

        const long LastMillisecond = 253402300799999;
        DateTimeOffset? read = value.ValueKind switch
        {
            JsonValueKind.String when DateTimeOffset.TryParse(
                value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) => time,
            JsonValueKind.Number when value.TryGetInt64(out var milliseconds) && milliseconds is >= 0 and <= LastMillisecond =>
                DateTimeOffset.FromUnixTimeMilliseconds(milliseconds),
            _ => null,
        };
        return read > now + Skew ? now : read;
    }
}

internal enum UiStateChangeKind
{
    Full,
    Incremental,
}
