namespace AiPlatform.ServiceDefaults.Http;

internal sealed class ServiceDiscoveryHandler(ServiceEndpoints endpoints) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.RequestUri = endpoints.Resolve(request.RequestUri!);
        return base.SendAsync(request, cancellationToken);
    }
}
