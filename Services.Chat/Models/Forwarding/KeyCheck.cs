using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>
/// Asks each model server once after the start whether it takes our key, and says so in words, so that a wrong key is found before the
/// first call of the day. A sidecar has no list of models to ask for. It holds nothing up, and a server that is not there yet is no fault.
/// </summary>
internal sealed partial class KeyCheck(ModelCatalogue catalogue, ModelConnections connections, ILogger<KeyCheck> logger) : BackgroundService
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var endpoints = catalogue.Current.Groups.SelectMany(group => group.Endpoints)
            .Where(endpoint => endpoint.Key is not null && endpoint.Provider != ModelProvider.ClaudeCode);

        foreach (var endpoint in endpoints.DistinctBy(endpoint => (endpoint.Provider, endpoint.BaseUrl, endpoint.Key!.Reveal())))
        {
            await CheckAsync(endpoint, stoppingToken);
        }
    }

    private async Task CheckAsync(ModelEndpoint endpoint, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);

        try
        {
            using var request = KeyQuestion.Of(endpoint);
            using var response = await connections.For(endpoint).SendAsync(request, limit.Token);

            switch ((int)response.StatusCode)
            {
                case var status when KeyQuestion.IsRefusal(endpoint, status):
                    LogRefused(endpoint.Name, endpoint.BaseUrl!.Host, status);
                    break;
                case >= 200 and < 300:
                    LogTaken(endpoint.Name, endpoint.BaseUrl!.Host);
                    break;
                default:
                    LogUnknown(endpoint.Name, endpoint.BaseUrl!.Host, $"status {(int)response.StatusCode}");
                    break;
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogUnknown(endpoint.Name, endpoint.BaseUrl!.Host, "no answer");
        }
    }

    [LoggerMessage(LogLevel.Error, "The key of model endpoint {Endpoint} is refused by {Host} with status {Status}: calls to it will fail until it is replaced.")]
    private partial void LogRefused(string endpoint, string host, int status);

    [LoggerMessage(LogLevel.Information, "The key of model endpoint {Endpoint} is taken by {Host}.")]
    private partial void LogTaken(string endpoint, string host);

    [LoggerMessage(LogLevel.Warning, "Whether the key of model endpoint {Endpoint} is taken by {Host} could not be found out: {Reason}.")]
    private partial void LogUnknown(string endpoint, string host, string reason);
}
