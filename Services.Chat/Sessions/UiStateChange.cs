using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AiPlatform.Services.Chat.Sessions;

/// <summary>A change the UI asks for: everything (full), or one named field (incremental).</summary>
internal sealed record UiStateChange(UiStateChangeKind Kind, DateTimeOffset Timestamp, Func<UiState, UiState> Apply)
{
    // A clock that runs ahead by more must not shut everybody else's changes out until then.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    // Copies of it are kept in memory, and a model reads of it.
    private const int MostBytes = 256 * 1024;

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
            || IsTooLarge(state)
            || UiStateJson.Read<UiState>(state) is not { } parsed
            || parsed.LoadedSessions.Contains(null!)
            || parsed.GeneratedDocuments.Contains(null!)
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
            || IsTooLarge(payload)
            || !TryReadText(frame, "page_type", out var pageType)
            || !TryReadText(frame, "page_url", out var pageUrl)
            || ReadTime(frame, now, now) is not { } timestamp
            || ParseField(name.GetString()!, payload) is not { } field)
        {
            return null;
        }

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
            case "loadedSessions" when UiStateJson.Read<IReadOnlyList<UiLoadedSession>>(payload) is { } sessions && !sessions.Contains(null!):
                return state => state with { LoadedSessions = sessions };
            case "generatedDocuments" when UiStateJson.Read<IReadOnlyList<UiDocument>>(payload) is { } documents && !documents.Contains(null!):
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

    private static bool IsTooLarge(JsonElement element) => JsonMarshal.GetRawUtf8Value(element).Length > MostBytes;

    private static bool TryReadText(JsonElement element, string name, out string? text)
    {
        text = null;
        if (!element.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null)
        {
            return true;
        }

        text = value.ValueKind is JsonValueKind.String ? value.GetString() : null;
        return text is not null;
    }

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
