using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard.Access;

/// <summary>The browsers that logged in, known by a cookie with a random id; they end with the run.</summary>
internal sealed class DashboardSessions
{
    private const int MaxSessions = 100;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Queue<string> _byAge = new();

    public void Begin(HttpContext context)
    {
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        lock (_gate)
        {
            _ids.Add(id);
            _byAge.Enqueue(id);
            if (_byAge.Count > MaxSessions)
            {
                _ids.Remove(_byAge.Dequeue());
            }
        }

        context.Response.Cookies.Append(CookieName(context), id, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });
    }

    public bool IsKnown(HttpContext context)
    {
        var id = context.Request.Cookies[CookieName(context)];
        lock (_gate)
        {
            return id is not null && _ids.Contains(id);
        }
    }

    // Browsers share cookies between the ports of a machine: without the port in its name, the login of one run would end another's.
    private static string CookieName(HttpContext context) =>
        string.Create(CultureInfo.InvariantCulture, $".AiPlatform.Dashboard.{context.Connection.LocalPort}");
}
