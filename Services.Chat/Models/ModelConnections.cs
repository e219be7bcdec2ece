using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Models;

/// <summary>
/// The connections to model servers. Not the factory's clients: those retry and break circuits for neighbours, where a model call
/// must be sent once, may run for minutes, and is bounded by its endpoint's own timeouts.
/// </summary>
internal sealed class ModelConnections : IDisposable
{
    // What HttpClient measures of connections, a dozen numbers a call, nobody listens to under this name: a call has its own measures, and an endpoint its
    // place in /stats.
    private static readonly QuietMeters Unheard = new();

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
        MeterFactory = Unheard,
    };

    private sealed class QuietMeters : IMeterFactory
    {
        private readonly Meter _meter = new("ModelConnections");

        public Meter Create(MeterOptions options) => _meter;

        public void Dispose() => _meter.Dispose();
    }
}
