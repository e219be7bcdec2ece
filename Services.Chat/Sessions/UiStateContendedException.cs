using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Chat.Sessions;

/// <summary>Others changed the UI state each time before this change could be written. Nothing was changed.</summary>
internal sealed class UiStateContendedException() : DependencyUnavailableException("ui_state.contended", "The UI state is being changed by too many at once.", null);
