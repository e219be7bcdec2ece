using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Dashboard.Access;

/// <summary>The link that a run prints, and the page to paste its token into.</summary>
internal static class LoginEndpoints
{
    private static readonly string Page = ReadPage();

    public static void Map(IEndpointRouteBuilder app, IServiceProvider host)
    {
        var keys = host.GetRequiredService<DashboardKeys>();
        var sessions = host.GetRequiredService<DashboardSessions>();
        var attempts = host.GetRequiredService<LoginAttempts>();
        app.MapGet("/login", (HttpContext context, string? t, string? returnUrl) =>
        {
            if (string.IsNullOrEmpty(t))
            {
                return Ask(returnUrl, "", StatusCodes.Status200OK);
            }

            switch (attempts.Try(() => keys.IsBrowserToken(t)))
            {
                case true:
                    sessions.Begin(context);
                    return Results.Redirect(LocalOrRoot(returnUrl));
                case false:
                    return Ask(returnUrl, "That is not the token of this run.", StatusCodes.Status401Unauthorized);
                default:
                    return Ask(returnUrl, "Too many wrong tokens. Try again in a minute.", StatusCodes.Status429TooManyRequests);
            }
        });
    }

    private static IResult Ask(string? returnUrl, string message, int status) => Results.Content(
        Page.Replace("{returnUrl}", WebUtility.HtmlEncode(LocalOrRoot(returnUrl)), StringComparison.Ordinal).Replace("{message}", message, StringComparison.Ordinal),
        "text/html; charset=utf-8", Encoding.UTF8, status);

    // Browsers read "//host", "/\host" and both with tabs between as another machine's address.
    private static string LocalOrRoot(string? url) =>
        url is ['/'] or ['/', not ('/' or '\\'), ..] && url.All(c => c is > ' ' and < '\x7f') ? url : "/";

    private static string ReadPage()
    {
        using var reader = new StreamReader(typeof(LoginEndpoints).Assembly.GetManifestResourceStream("wwwroot/login.html")!);
        return reader.ReadToEnd();
    }
}
