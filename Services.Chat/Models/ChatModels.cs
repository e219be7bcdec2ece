using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Providers;
using AiPlatform.Services.Chat.Models.Routing;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models;

internal sealed class ChatModels(ModelCatalogue catalogue, ModelRouter router, ProviderClients clients, ModelCalls calls) : IChatModels
{
    public IChatClient GetChatClient(string? model, ModelCaller caller) => new RoutedChatClient(catalogue.Find(model), caller, router, clients, calls);
}
