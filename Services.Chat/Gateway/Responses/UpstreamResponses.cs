using System.Text.Json.Nodes;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Forwarding;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using AiPlatform.Services.Chat.Models.Routing;

namespace AiPlatform.Services.Chat.Gateway.Responses;

/// <summary>
/// Responses that an endpoint keeps itself. All of them lie there under our one key, so an endpoint is asked only for what it made for
/// this caller.
/// </summary>
internal sealed class UpstreamResponses(ResponseAffinity affinity, ModelCatalogue catalogue, ModelConnections connections)
{
    /// <param name="action">What stands behind the id in the address: nothing, or /cancel.</param>
    /// <returns>Null when no endpoint made it for this caller, or the one that did has it no longer.</returns>
    /// <exception cref="DomainException">provider.*</exception>
    public async Task<JsonObject?> SendAsync(HttpMethod method, ModelCaller caller, string id, string action, CancellationToken cancellationToken)
    {
        if (await affinity.FindAsync(caller, id, cancellationToken) is not { } maker
            || catalogue.Current.Groups.SelectMany(group => group.Endpoints).FirstOrDefault(endpoint => endpoint.Id == maker) is not { } endpoint)
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(endpoint.Timeouts.Total);

        try
        {
            return await SendAsync(method, endpoint, id, action, limit.Token);
        }
        catch (Exception exception) when (ProviderErrors.Translate(exception, cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    private async Task<JsonObject?> SendAsync(HttpMethod method, ModelEndpoint endpoint, string id, string action, CancellationToken cancellationToken)
    {
        var address = EndpointAddress.Of(endpoint);
        var all = address.For(ModelCallKind.Responses);
        using var request = new HttpRequestMessage(method, new UriBuilder(all) { Path = $"{all.AbsolutePath}/{Uri.EscapeDataString(id)}{action}" }.Uri);
        address.Authorize(request);
        using var response = await connections.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

        if (response.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return null;
        }

        if (!response.IsSuccessStatusCode)
        {
            throw await Refusals.ReadAsync(response, static body => new(Refusals.OpenAiCode(body)), cancellationToken);
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await JsonNode.ParseAsync(body, cancellationToken: cancellationToken) as JsonObject ?? throw ProviderErrors.Unreadable();
    }
}
