using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Tools;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Agents;

/// <summary>Gathers over the rounds of a run what it came to.</summary>
internal sealed class RunJournal
{
    private readonly List<ToolCallSummary> _calls = [];
    private readonly List<DocumentSummary> _documents = [];
    private readonly List<UiAction> _uiActions = [];
    private int _rounds;
    private long _inputTokens;
    private long _outputTokens;

    /// <summary>In the order raised: round by round, and within a round in the order of the calls.</summary>
    public IReadOnlyList<UiAction> UiActions => _uiActions;

    public bool HasCalls => _calls.Count > 0;

    public void Add(ChatResponse response)
    {
        _rounds++;
        _inputTokens += response.Usage?.InputTokenCount ?? 0;
        _outputTokens += response.Usage?.OutputTokenCount ?? 0;
    }

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

    public AgentOutcome Close(string text) => new(text, _calls, _rounds, _documents, new(_inputTokens, _outputTokens, 0m));

    private static string Status(ToolOutcome outcome) => outcome.Succeeded ? "completed" : "failed";
}
