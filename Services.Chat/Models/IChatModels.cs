using AiPlatform.Services.Chat.Models.Calls;

using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models;

/// <summary>The only door to AI models for agents in process. The gateway has the same ones for everybody else.</summary>
internal interface IChatModels
{
    /// <summary>The client of a model group by name or alias; null takes the configured default. Every call of it is counted as the caller's.</summary>
    /// <exception cref="ServiceDefaults.Errors.DomainException">model.unknown when no group has that name.</exception>
    IChatClient GetChatClient(string? model, ModelCaller caller);
}
