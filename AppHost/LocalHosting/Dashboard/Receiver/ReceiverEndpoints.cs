using Aspire.Hosting.Dashboard.Access;
using Aspire.Hosting.Dashboard.History;
using Aspire.Hosting.Dashboard.Otlp;
using Aspire.Hosting.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Dashboard.Receiver;

/// <summary>OTLP over HTTP with protobuf.</summary>
internal sealed class ReceiverEndpoints(TelemetryStore store, RunHistory history, DashboardKeys keys) : IDisposable
{
    // With the largest body each takes what this bounds; senders beyond wait in their connections.
    private const int MaxAtOnce = 8;
    private readonly SemaphoreSlim _places = new(MaxAtOnce);

    public static void Map(IEndpointRouteBuilder app, IServiceProvider host)
    {
        var receiver = host.GetRequiredService<ReceiverEndpoints>();
        app.MapPost("/v1/traces", context => receiver.AnswerAsync(context, Signal.Traces));
        app.MapPost("/v1/logs", context => receiver.AnswerAsync(context, Signal.Logs));
        app.MapPost("/v1/metrics", context => receiver.AnswerAsync(context, Signal.Metrics));
    }

    public void Dispose() => _places.Dispose();

    private async Task AnswerAsync(HttpContext context, Signal signal) => await (await ReceiveAsync(context, signal)).ExecuteAsync(context);

    private async Task<IResult> ReceiveAsync(HttpContext context, Signal signal)
    {
        var request = context.Request;
        if (!keys.IsOtlpKey(request.Headers["x-otlp-api-key"]))
        {
            return Refuse(StatusCodes.Status401Unauthorized, "The key in x-otlp-api-key is missing or wrong.");
        }

        if (request.ContentType is not { } type || !type.Split(';')[0].Trim().Equals("application/x-protobuf", StringComparison.OrdinalIgnoreCase))
        {
            return Refuse(StatusCodes.Status415UnsupportedMediaType, "Send application/x-protobuf.");
        }

        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding.Length > 0 && !encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase) && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return Refuse(StatusCodes.Status415UnsupportedMediaType, "Send the body as it is or packed with gzip.");
        }

        await _places.WaitAsync(context.RequestAborted);
        try
        {
            return await TakeAsync(request, signal, encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase), context.RequestAborted);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<IResult> TakeAsync(HttpRequest request, Signal signal, bool isGzip, CancellationToken cancellationToken)
    {
        try
        {
            using var body = await ReceivedBody.ReadAsync(request, isGzip, cancellationToken);
            if (body is null)
            {
                return Refuse(StatusCodes.Status413PayloadTooLarge, "The request is larger than 16 MiB.");
            }

            var (rejected, why) = store.Take(signal, body.Bytes);
            history.Add(signal, body.Bytes.Span);
            return OtlpAnswers.Taken(rejected, why);
        }
        catch (OtlpFormatException malformed)
        {
            return Refuse(StatusCodes.Status400BadRequest, malformed.Message);
        }
        catch (InvalidDataException)
        {
            return Refuse(StatusCodes.Status400BadRequest, "The body is not packed with gzip as its header says.");
        }
        catch (BadHttpRequestException bad)
        {
            return Refuse(bad.StatusCode, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "The request is larger than 16 MiB." : "The request's body cannot be read.");
        }
    }

    private IResult Refuse(int status, string message)
    {
        store.CountRefused();
        return OtlpAnswers.Refused(status, message);
    }
}
