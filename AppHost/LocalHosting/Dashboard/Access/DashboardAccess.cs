using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard.Access;

/// <summary>
/// Who may have what: pages and their data need the cookie of a login, the telemetry query API takes the token as a header too,
/// and OTLP has a key of its own, which the receiver asks for. Open are the login page and what it is drawn with.
/// </summary>
internal sealed class DashboardAccess(DashboardKeys keys, DashboardSessions sessions)
{
    public Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (IsOpen(request.Path) || sessions.IsKnown(context))
        {
            return next(context);
        }

        if (request.Path.StartsWithSegments("/api/telemetry") && keys.IsBrowserToken(request.Headers["X-API-Key"]))
        {
            return next(context);
        }

        if (request.Path.StartsWithSegments("/api") || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)))
        {
            return Results.Problem("Log in with the link that the AppHost printed at its start.", statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(context);
        }

        context.Response.Redirect("/login?returnUrl=" + Uri.EscapeDataString(request.Path.ToUriComponent() + request.QueryString.ToUriComponent()));
        return Task.CompletedTask;
    }

    private static bool IsOpen(PathString path) =>
        path.StartsWithSegments("/v1") || path.StartsWithSegments("/login") || path.StartsWithSegments("/css") || path == "/favicon.svg";
}
