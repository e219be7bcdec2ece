using System.Collections.Concurrent;
using AiPlatform.Services.Chat.Models.Providers.Local;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models;

/// <summary>One client per group, made when it is first asked for and kept: connections are shared.</summary>
internal sealed class ChatModels(ModelCatalogue catalogue, TimeProvider timeProvider) : IChatModels
{
    private readonly ConcurrentDictionary<string, IChatClient> _clients = new(StringComparer.Ordinal);

    public IChatClient GetChatClient(string? model) => _clients.GetOrAdd(catalogue.Find(model).Name, Create);

    private LocalChatClient Create(string name) => new(timeProvider);
}
