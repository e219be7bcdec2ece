using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Tools;

namespace AiPlatform.Services.Chat.Agents;

/// <summary>Gathers over the rounds of a run what it came to.</summary>
internal sealed class RunJournal
{
    private readonly List<ToolCallSummary> _calls = [];
    private readonly List<DocumentSummary> _documents = [];
    private readonly List<UiAction> _uiActions = [];
    private int _rounds;

    /// <summary>In the order raised: round by round, and within a round in the order of the calls.</summary>
    public IReadOnlyList<UiAction> UiActions => _uiActions;

    public bool HasCalls => _calls.Count > 0;

    public void AddRound() => _rounds++;

    public void Add(IEnumerable<ToolResult> results)
    {
        foreach (var result in results)
        {
            _calls.Add(new(result.Call.Id, result.Call.Name, Status(result.Outcome)));
            _uiActions.AddRange(result.Outcome.UiActions);
            foreach (var document in result.Outcome.Documents)
            {
                _documents.RemoveAll(other => other.DocumentId == document.DocumentId);
                _documents.Add(document);
            }
        }
    }

    public AgentOutcome Close(string text, UsagePayload usage) => new(text, _calls, _rounds, _documents, usage);

    private static string Status(ToolOutcome outcome) => outcome.Succeeded ? "completed" : "failed";
}
