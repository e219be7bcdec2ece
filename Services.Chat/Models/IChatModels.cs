using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models;

/// <summary>The only door to AI models, for agents in process and for the gateway.</summary>
internal interface IChatModels
{
    /// <summary>The client of a model group by name or alias; null takes the configured default.</summary>
    /// <exception cref="ServiceDefaults.Errors.DomainException">model.unknown when no group has that name.</exception>
    IChatClient GetChatClient(string? model);
}
