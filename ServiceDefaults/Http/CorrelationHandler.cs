namespace AiPlatform.ServiceDefaults.Http;

internal sealed class CorrelationHandler : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Headers.Contains(Correlation.Header))
        {
            request.Headers.Add(Correlation.Header, Correlation.Current);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
