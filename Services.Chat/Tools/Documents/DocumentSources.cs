using System.Diagnostics.CodeAnalysis;
using AiPlatform.Services.Chat.Sessions;

namespace AiPlatform.Services.Chat.Tools.Documents;

/// <summary>The sessions a document is made from, all of one client.</summary>
internal sealed record DocumentSources(IReadOnlyList<Guid> SessionIds, Guid? ClientId)
{
    /// <summary>The sessions asked for, otherwise the loaded ones of the current client, otherwise all loaded ones.</summary>
    /// <returns>False when there are none, or when they belong to several clients: one client's words never get into another's document.</returns>
    public static bool TryChoose(
        UiState state, IReadOnlyList<Guid> asked, [NotNullWhen(true)] out DocumentSources? sources, [NotNullWhen(false)] out ToolOutcome? failure)
    {
        var loaded = state.LoadedSessions.Select(Read).OfType<LoadedSession>().ToList();
        IReadOnlyList<LoadedSession> chosen = asked.Count > 0
            ? [.. asked.Select(id => loaded.Find(session => session.Id == id) ?? new(id, null))]
            : OfCurrentClient(loaded, state.CurrentClient);

        var clients = chosen.Select(session => session.ClientId).OfType<Guid>().Distinct().ToList();
        failure = (chosen.Count, clients.Count) switch
        {
            ( > DocumentLimits.Sessions, _) => ToolOutcome.Failed("validation_error", $"More than {DocumentLimits.Sessions} sessions are loaded. Name those to use."),
            (0, _) => ToolOutcome.Failed("validation_error", "No session is loaded. Load one with load_session first."),
            (_, > 1) => ToolOutcome.Failed("validation_error", "The sessions belong to several clients. Name the sessions of one client."),
            _ => null,
        };
        sources = failure is null ? new([.. chosen.Select(session => session.Id)], clients.Count == 1 ? clients[0] : null) : null;
        return sources is not null;
    }

    private static List<LoadedSession> OfCurrentClient(List<LoadedSession> loaded, UiClient? client)
    {
        if (!Guid.TryParse(client?.ClientId, out var clientId))
        {
            return loaded;
        }

        var own = loaded.FindAll(session => session.ClientId == clientId);
        return own.Count > 0 ? own : loaded;
    }

    private static LoadedSession? Read(UiLoadedSession session) => Guid.TryParse(session.SessionId, out var id)
        ? new(id, Guid.TryParse(session.ClientId, out var clientId) ? clientId : null)
        : null;

    private sealed record LoadedSession(Guid Id, Guid? ClientId);
}
