namespace AiPlatform.Services.Chat.Models;

/// <summary>
/// The connections to model servers. Not the factory's clients: those retry and break circuits for neighbours, where a model call
/// must be sent once, may run for minutes, and its total is bounded by the endpoint's own timeout.
/// </summary>
internal sealed class ModelConnections : IDisposable
{
    public HttpClient Http { get; } = new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AllowAutoRedirect = false,
        UseCookies = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public void Dispose() => Http.Dispose();
}
