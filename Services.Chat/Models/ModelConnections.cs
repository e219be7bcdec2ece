using System.Collections.Concurrent;
using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Models;

/// <summary>
/// The connections to model servers. Not the factory's clients: those retry and break circuits for neighbours, where a model call
/// must be sent once, may run for minutes, and is bounded by its endpoint's own timeouts.
/// </summary>
internal sealed class ModelConnections : IDisposable
{
    // How long connecting may take is the handler's, so endpoints that differ in it have one each.
    private readonly ConcurrentDictionary<TimeSpan, Lazy<HttpMessageInvoker>> _invokers = new();

    public HttpClient Http { get; } = new(Handler(EndpointTimeouts.Default.Connect)) { Timeout = Timeout.InfiniteTimeSpan };

    public HttpMessageInvoker For(ModelEndpoint endpoint) =>
        _invokers.GetOrAdd(endpoint.Timeouts.Connect, static connect => new(() => new(Handler(connect)))).Value;

    public void Dispose()
    {
        Http.Dispose();

        foreach (var invoker in _invokers.Values.Where(invoker => invoker.IsValueCreated))
        {
            invoker.Value.Dispose();
        }
    }

    private static SocketsHttpHandler Handler(TimeSpan connect) => new()
    {
        ConnectTimeout = connect,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AllowAutoRedirect = false,
        UseCookies = false,

        // Who leaves a stream leaves the provider's call too. Two seconds, the default, is for how long we would go on taking and paying for it.
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(50),

        // Our trace ids are none of a provider's business, and a call's own span is a client's already: no second one below it.
        ActivityHeadersPropagator = null,
    };
}
