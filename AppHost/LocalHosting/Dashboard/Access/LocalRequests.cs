using System.Net;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard.Access;

/// <summary>
/// Refuses what another site makes a developer's browser send: a name of its own that it lets point to this machine (DNS rebinding)
/// shows in <c>Host</c>, a request from its pages in <c>Origin</c> or <c>Sec-Fetch-Site</c>.
/// </summary>
internal static class LocalRequests
{
    public static Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (!IsLocal(request.Host.Host))
        {
            return Refuse(context, StatusCodes.Status421MisdirectedRequest, "The dashboard answers to localhost only.");
        }

        return IsForeign(request) ? Refuse(context, StatusCodes.Status403Forbidden, "The dashboard answers its own pages only.") : next(context);
    }

    private static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IsLocal(address, host));

    // IPAddress reads more than one would write into an address bar, such as "1" or "0x7f.1".
    private static bool IsLocal(IPAddress address, string host) =>
        address.Equals(IPAddress.Loopback) ? host == "127.0.0.1" : address.Equals(IPAddress.IPv6Loopback);

    private static bool IsForeign(HttpRequest request)
    {
        if (request.Headers.Origin is { Count: > 0 } origin && origin != $"{request.Scheme}://{request.Host}")
        {
            return true;
        }

        // Another port of this machine is the same site, and yet another program.
        return request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site" && !IsLinkToPage(request);
    }

    private static bool IsLinkToPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Headers["Sec-Fetch-Mode"] == "navigate"
        && request.Headers["Sec-Fetch-Dest"] == "document"
        && !request.Path.StartsWithSegments("/api")
        && !request.Path.StartsWithSegments("/v1");

    private static Task Refuse(HttpContext context, int status, string detail) => Results.Problem(detail, statusCode: status).ExecuteAsync(context);
}
