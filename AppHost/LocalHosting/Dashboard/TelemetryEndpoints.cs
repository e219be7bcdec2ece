using System.IO.Compression;
using Aspire.Hosting.Dashboard.Access;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Dashboard;

/// <summary>Telemetry in over OTLP/HTTP with protobuf, and out as OTLP JSON.</summary>
internal static class TelemetryEndpoints
{
    public const int MaxRequestBytes = 16 * 1024 * 1024;
    private const int DefaultLimit = 1_000;
    private const int MaxLimit = 10_000;

    public static void Map(IEndpointRouteBuilder app, IServiceProvider host)
    {
        var store = host.GetRequiredService<TelemetryStore>();
        var keys = host.GetRequiredService<DashboardKeys>();
        MapReceiver(app, "/v1/traces", Signal.Traces, store, keys);
        MapReceiver(app, "/v1/logs", Signal.Logs, store, keys);
        MapReceiver(app, "/v1/metrics", Signal.Metrics, store, keys);

        var api = app.MapGroup("/api/telemetry");
        api.MapGet("/spans", (string? traceId, string? resource, int? limit) => Results.Ok(store.Query(Signal.Traces, traceId, resource, Limit(limit))));
        api.MapGet("/logs", (string? traceId, string? resource, int? limit) => Results.Ok(store.Query(Signal.Logs, traceId, resource, Limit(limit))));
        api.MapGet("/resources", () => Results.Ok(store.Resources()));
    }

    private static void MapReceiver(IEndpointRouteBuilder app, string path, Signal signal, TelemetryStore store, DashboardKeys keys) =>
        app.MapPost(path, async (HttpContext context) =>
        {
            if (!keys.IsOtlpKey(context.Request.Headers["x-otlp-api-key"]))
            {
                return Results.Unauthorized();
            }

            if (context.Request.ContentType is not "application/x-protobuf")
            {
                return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
            }

            try
            {
                store.Add(signal, await ReadAsync(context.Request, context.RequestAborted));
            }
            catch (InvalidProtocolBufferException)
            {
                return Results.BadRequest();
            }
            catch (InvalidDataException)
            {
                return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
            }

            // An empty message: everything was taken.
            return Results.Bytes([], "application/x-protobuf");
        });

    private static async Task<ByteString> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        await using var body = request.Headers.ContentEncoding == "gzip" ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
        using var content = new MemoryStream();
        var buffer = new byte[81_920];
        int count;
        while ((count = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (content.Length + count > MaxRequestBytes)
            {
                throw new InvalidDataException("The request is too large.");
            }

            content.Write(buffer, 0, count);
        }

        return ByteString.CopyFrom(content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    private static int Limit(int? limit) => Math.Clamp(limit ?? DefaultLimit, 1, MaxLimit);
}
