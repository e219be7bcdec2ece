using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using AiPlatform.LocalHosting.Tests.Dashboard;

namespace AiPlatform.Load.Dashboard;

/// <summary>What the batch exporter of a busy service sends: 512 spans of traces of eight, each with a dozen attributes.</summary>
internal static class SpanRequests
{
    public const int SpansInRequest = 512;
    private const int SpansInTrace = 8;

    public static List<byte[]> Make(int count) => [.. Enumerable.Range(0, count).Select(_ => Make())];

    public static byte[] Pack(byte[] request)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(request);
        }

        return packed.ToArray();
    }

    public static byte[] OneTrace(byte[] traceId, int spans)
    {
        var root = RandomNumberGenerator.GetBytes(8);
        return Otlp.Request("load", "load-1", "AiPlatform.Load", [Span(traceId, root, null, 0), .. Enumerable.Range(1, spans - 1).Select(i => Span(traceId, RandomNumberGenerator.GetBytes(8), root, i))]);
    }

    public static byte[] Logs(int count) => Otlp.Request("load", "load-1", "AiPlatform.Load.Clients.ClientStore", [.. Enumerable.Range(0, count).Select(i => Otlp.Log(
        string.Create(CultureInfo.InvariantCulture, $"Read client {Guid.CreateVersion7()} in {i} ms."),
        severity: i % 50 == 0 ? 17 : 9, trace: i + 1, span: i + 1, atMs: (ulong)i,
        more: [Otlp.Attribute(6, "ClientId", Guid.CreateVersion7().ToString()), Otlp.Attribute(6, "Elapsed", i), Otlp.Attribute(6, "{OriginalFormat}", "Read client {ClientId} in {Elapsed} ms.")]))]);

    private static byte[] Make()
    {
        var spans = new List<byte[]>(SpansInRequest);
        while (spans.Count < SpansInRequest)
        {
            var (traceId, root) = (RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(8));
            spans.Add(Span(traceId, root, null, 0));
            for (var i = 1; i < SpansInTrace; i++)
            {
                spans.Add(Span(traceId, RandomNumberGenerator.GetBytes(8), root, i));
            }
        }

        return Otlp.Request("load", "load-1", "AiPlatform.Load", [.. spans]);
    }

    private static byte[] Span(byte[] traceId, byte[] id, byte[]? parent, int number)
    {
        var start = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * Otlp.Millisecond;
        return
        [
            .. Wire.Bytes(1, traceId),
            .. Wire.Bytes(2, id),
            .. parent is null ? [] : Wire.Bytes(4, parent),
            .. Wire.Text(5, parent is null ? "GET /api/v1/clients/{id}" : "select clinical_sessions"),
            .. Wire.Number(6, parent is null ? 2 : 3),
            .. Wire.Fixed(7, start + ((ulong)number * Otlp.Millisecond)),
            .. Wire.Fixed(8, start + ((ulong)(number + 5) * Otlp.Millisecond)),
            .. Otlp.Attribute(9, "server.address", "localhost"),
            .. Otlp.Attribute(9, "server.port", 23_456),
            .. Otlp.Attribute(9, "http.request.method", "GET"),
            .. Otlp.Attribute(9, "url.scheme", "http"),
            .. Otlp.Attribute(9, "url.path", "/api/v1/clients/0a000000-0000-7000-8000-000000000301"),
            .. Otlp.Attribute(9, "network.protocol.version", "1.1"),
            .. Otlp.Attribute(9, "user_agent.original", "AiPlatform/1.0"),
            .. Otlp.Attribute(9, "http.route", "/api/v1/clients/{id}"),
            .. Otlp.Attribute(9, "http.response.status_code", 200),
            .. Otlp.Attribute(9, "db.system.name", "mysql"),
            .. Otlp.Attribute(9, "db.namespace", "practice"),
            .. Otlp.Attribute(9, "db.query.summary", "SELECT clinical_sessions"),
            .. Wire.Bytes(15, Wire.Number(3, 1)),
        ];
    }
}
