using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Services;
using AiPlatform.Services.Chat.Sessions;

namespace AiPlatform.Services.Chat.Tools.Documents;

/// <summary>Hands a stored document on: to the model as a result, to the screen as an action, to the UI state and the run as an entry.</summary>
internal static class DocumentDelivery
{
    public static async Task<ToolOutcome> DeliverAsync(
        ClinicalDocument document, ToolContext call, string? instructions, bool isRegeneration, CancellationToken cancellationToken)
    {
        await call.UpdateUiStateAsync(state => WithDocument(state, document), cancellationToken);

        var action = UiActionRequests.ShowDocument(new(
            document.Id, document.Name, document.Version, document.ClientId, document.ClientName, document.Template?.Id, document.Template?.Name,
            document.SessionIds ?? [], isRegeneration, instructions));
        var message = isRegeneration ? $"Made version {document.Version} of the document." : "The document is written.";
        return ToolOutcome.Of(ToResult(document, action, message), ToolJsonContext.Default.DocumentResult, message) with
        {
            UiActions = [action],
            Documents = [new DocumentSummary(document.Id.ToString(), document.Name, document.Version)],
        };
    }

    private static UiState WithDocument(UiState state, ClinicalDocument document)
    {
        var id = document.Id.ToString();
        var entry = new UiDocument { DocumentId = id, DocumentName = document.Name, Version = document.Version };
        return state with
        {
            GeneratedDocuments = [.. state.GeneratedDocuments.Where(other => !string.Equals(other.DocumentId, id, StringComparison.OrdinalIgnoreCase)), entry],
        };
    }

    private static DocumentResult ToResult(ClinicalDocument document, UiAction action, string message)
    {
        var sentences = document.Sections?.SelectMany(section => section.Sentences ?? []).ToList() ?? [];
        return new(
            UiActionResult.Requested, document.Id, document.Name, document.Version, document.ClientId, document.ClientName, document.Template?.Name,
            document.SessionIds ?? [], document.CreatedAt, sentences.Count, sentences.Count(sentence => !sentence.Supported), document.Metadata?.Note, document.Content,
            action, message);
    }
}

internal sealed record DocumentResult(
    string Status, Guid DocumentId, string DocumentName, int Version, Guid? ClientId, string? ClientName, string? TemplateName,
    IReadOnlyList<Guid> SessionIds, DateTimeOffset CreatedAt, int Sentences, int UnsupportedSentences, string? Note, string Content, UiAction UiAction,
    string UserMessage);
