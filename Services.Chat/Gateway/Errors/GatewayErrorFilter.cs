using System.Globalization;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Gateway.Replies;
using AiPlatform.Services.Chat.Models.Forwarding;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Chat.Gateway.Errors;

/// <summary>The gateway's one translation of failures, and the headers of every reply. What happens after the first byte of a stream is the stream's to tell.</summary>
internal sealed partial class GatewayErrorFilter(TimeProvider timeProvider, ILogger<GatewayErrorFilter> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        Announce(http);

        try
        {
            return await next(context);
        }
        catch (DomainException exception) when (!http.Response.HasStarted)
        {
            return Envelope(http, exception);
        }
        catch (RefusedException exception) when (!http.Response.HasStarted)
        {
            return Refusal(http, exception.Refusal);
        }
        catch (BadHttpRequestException exception) when (!http.Response.HasStarted)
        {
            return Envelope(exception.StatusCode, new("The request could not be read.", "invalid_request_error", null, "invalid_request"));
        }
        catch (DependencyUnavailableException exception) when (!http.Response.HasStarted)
        {
            return Envelope(StatusCodes.Status503ServiceUnavailable, new("A part of the service is not available now; try again later.", "server_error", null, exception.Code));
        }
        catch (DependencyUnavailableException exception) when (!http.Response.HasStarted)
        {
            return Envelope(StatusCodes.Status503ServiceUnavailable, new("A part of the service is not available now; try again later.", "server_error", null, exception.Code));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
            return Results.Empty;
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !http.Response.HasStarted)
        {
            LogFailed(exception, exception.GetType().Name);
            return Envelope(StatusCodes.Status500InternalServerError, new("The gateway failed.", "server_error", null, "internal_error"));
        }
    }

    public static JsonHttpResult<GatewayErrorResponse> Envelope(int status, GatewayError error) =>
        TypedResults.Json(new GatewayErrorResponse(error), GatewayErrorJsonContext.Default.GatewayErrorResponse, statusCode: status);

    private static JsonHttpResult<GatewayErrorResponse> Envelope(HttpContext http, DomainException exception)
    {
        SetRetryAfter(http, exception.RetryAfter);
        return Envelope((int)exception.Kind, GatewayError.Of(exception));
    }

    // The provider's own words, which are about the caller's request.
    private static IResult Refusal(HttpContext http, UpstreamRefusal refusal)
    {
        SetRetryAfter(http, refusal.RetryAfter);

        if (refusal.RequestId is not null)
        {
            http.Response.Headers[GatewayHeaders.UpstreamRequestId] = refusal.RequestId;
        }

        http.Response.StatusCode = refusal.Status;
        return Results.Bytes(refusal.Body, ReplyHead.Json);
    }

    private void Announce(HttpContext http)
    {
        var started = timeProvider.GetTimestamp();
        http.TraceIdentifier = $"req_{Guid.CreateVersion7():N}";
        http.Response.Headers[GatewayHeaders.RequestId] = http.TraceIdentifier;
        http.Response.OnStarting(() =>
        {
            http.Response.Headers[GatewayHeaders.LatencyMs] = timeProvider.GetElapsedTime(started).TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        });
    }

    private static void SetRetryAfter(HttpContext http, TimeSpan? wait)
    {
        if (wait is not null)
        {
            http.Response.Headers.RetryAfter = Math.Ceiling(wait.Value.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
        }
    }

    [LoggerMessage(LogLevel.Error, "A gateway request failed with {Error}.")]
    private partial void LogFailed(Exception exception, string error);
}
