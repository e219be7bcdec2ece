using System.Collections.Concurrent;
using AiPlatform.Services.Chat.Models.Providers.Local;
using AiPlatform.Services.Chat.Models.Providers.OpenAi;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models;

/// <summary>One client per group, made when it is first asked for and kept: connections are shared.</summary>
internal sealed class ChatModels(ModelCatalogue catalogue, ModelConnections connections, TimeProvider timeProvider) : IChatModels
{
    private readonly ConcurrentDictionary<string, IChatClient> _clients = new(StringComparer.Ordinal);

    public IChatClient GetChatClient(string? model) => _clients.GetOrAdd(catalogue.Find(model).Name, Create);

    private TracedChatClient Create(string name)
    {
        var group = catalogue.Find(name);
        return new(group, group.Endpoint is { } endpoint ? new OpenAiChatClient(endpoint, connections.Http) : new LocalChatClient(timeProvider));
    }
}
