using System.Net.Http.Headers;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.ServiceDefaults.Http;

internal sealed class CallerTokenHandler(IHttpContextAccessor accessor) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var caller = accessor.HttpContext?.Features.Get<AuthenticatedUser>()
            ?? throw new InvalidOperationException("A call in the name of the caller was made outside a request.");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", caller.Token);
        return base.SendAsync(request, cancellationToken);
    }
}
