using System.Globalization;
using System.Text.Json;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Conversations;

/// <summary>A client somebody mentioned: a tool result or the screen.</summary>
internal sealed record ClientRef(string Id, string? Name)
{
    public static ClientRef? From(JsonElement json) =>
        JsonFields.Text(json, "client_id", "id") is { } id ? new(id, JsonFields.Text(json, "client_name", "name")) : null;
}

internal sealed record TemplateRef(string? Id, string Name, string? Content)
{
    public static TemplateRef? From(JsonElement json) =>
        JsonFields.Text(json, "template_name", "name") is { } name
            ? new(JsonFields.Text(json, "template_id", "id"), name, JsonFields.Text(json, "template_content", "content"))
            : null;
}

internal sealed record DocumentRef(string Id, string? Name, int Version)
{
    public static DocumentRef? From(JsonElement json) =>
        JsonFields.Text(json, "document_id", "id") is { } id
            ? new(id, JsonFields.Text(json, "document_name", "name"), (int)(JsonFields.Number(json, "version") ?? 1))
            : null;
}

internal sealed record SessionRef(string Id, string? ClientId, string? ClientName, string? Title, DateTimeOffset? StartedAt, JsonElement Json)
{
    public static SessionRef? From(JsonElement json) =>
        JsonFields.Text(json, "session_id") is { } id
            ? new(
                id,
                JsonFields.Text(json, "client_id"),
                JsonFields.Text(json, "client_name"),
                JsonFields.Text(json, "title"),
                DateTimeOffset.TryParse(
                    JsonFields.Text(json, "started_at", "recording_date", "date"),
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out var startedAt) ? startedAt : null,
                json.Clone())
            : null;
}
