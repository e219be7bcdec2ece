using System.Text.Json;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Conversations;

/// <summary>What the user sees, as the system message tells it.</summary>
internal sealed record Screen(
    string PageType,
    ClientRef? Client,
    TemplateRef? Template,
    IReadOnlyList<SessionRef> Sessions,
    IReadOnlyList<DocumentRef> Documents)
{
    public static readonly Screen Empty = new("unknown", null, null, [], []);

    public static Screen Read(string? json)
    {
        if (json is null)
        {
            return Empty;
        }

        try
        {
            using var parsed = JsonDocument.Parse(json);
            var state = parsed.RootElement;

            return new(
                JsonFields.Text(state, "page_type") ?? "unknown",
                JsonFields.Get(state, "currentClient") is { } client ? ClientRef.From(client) : null,
                JsonFields.Get(state, "selectedTemplate") is { } template ? TemplateRef.From(template) : null,
                [.. JsonFields.Items(state, "loadedSessions").Select(SessionRef.From).OfType<SessionRef>()],
                [.. JsonFields.Items(state, "generatedDocuments").Select(DocumentRef.From).OfType<DocumentRef>()]);
        }
        catch (JsonException)
        {
            // The system message is the caller's own; a state it could not write well is a state we do not know.
            return Empty;
        }
    }
}
