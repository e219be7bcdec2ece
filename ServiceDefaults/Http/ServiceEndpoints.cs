using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;

namespace AiPlatform.ServiceDefaults.Http;

/// <summary>
/// Addresses of neighbour services from the variables that the host injects (<c>services__api__http__0</c>), in turn when there are
/// several. A name that nobody injected is left to DNS, as in a cluster.
/// </summary>
internal sealed class ServiceEndpoints(IConfiguration configuration)
{
    private readonly ConcurrentDictionary<(string Service, string Scheme), Uri[]> _known = new();
    private int _next;

    public Uri Resolve(Uri uri)
    {
        var addresses = _known.GetOrAdd((uri.Host, uri.Scheme), Read);
        if (addresses.Length == 0)
        {
            return uri;
        }

        var turn = addresses.Length == 1 ? 0 : (int)((uint)Interlocked.Increment(ref _next) % (uint)addresses.Length);
        var address = addresses[turn];
        return new UriBuilder(uri) { Scheme = address.Scheme, Host = address.Host, Port = address.Port }.Uri;
    }

    private Uri[] Read((string Service, string Scheme) key) =>
        [.. configuration.GetSection($"services:{key.Service}:{key.Scheme}").GetChildren()
            .Select(child => child.Value)
            .OfType<string>()
            .Select(value => new Uri(value))];
}
