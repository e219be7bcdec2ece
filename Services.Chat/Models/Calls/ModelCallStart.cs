using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Models.Calls;

/// <summary>What is known of a call before anything is sent.</summary>
/// <param name="RequestId">Unique; the gateway's callers see it as x-request-id.</param>
/// <param name="InputEstimate">Tokens of the request, counted from its characters.</param>
/// <param name="MaxOutput">The most tokens the request lets the model write; null when it sets no bound.</param>
internal sealed record ModelCallStart(
    string RequestId, ModelCaller Caller, ModelGroup Group, ModelCallKind Kind, bool Streams, long InputEstimate, long? MaxOutput);
