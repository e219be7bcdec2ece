using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Gateway.Replies;
using AiPlatform.Services.Chat.Models.Forwarding;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Chat.Gateway.Errors;

/// <summary>The gateway's one translation of failures. What happens after the first byte of a stream is the stream's to tell.</summary>
internal sealed partial class GatewayFailures(ILogger<GatewayFailures> logger)
{
    /// <summary>Whether there is an answer to the failure, if only an empty one for nobody.</summary>
    public static bool HasAnswer(HttpContext http, Exception exception) =>
        !http.Response.HasStarted || (exception is OperationCanceledException && http.RequestAborted.IsCancellationRequested);

    public IResult Answer(HttpContext http, Exception exception)
    {
        switch (exception)
        {
            case OperationCanceledException when http.RequestAborted.IsCancellationRequested:
                return Results.Empty;
            case DomainException failure:
                http.Response.SetRetryAfter(failure.RetryAfter);
                return Envelope((int)failure.Kind, GatewayError.Of(failure));
            case RefusedException { Refusal: var refusal }:
                return Refused(http, refusal);
            case BadHttpRequestException unreadable:
                return Envelope(unreadable.StatusCode, new("The request could not be read.", "invalid_request_error", null, "invalid_request"));
            case DependencyUnavailableException { Code: var code }:
                return Envelope(StatusCodes.Status503ServiceUnavailable, new("A part of the service is not available now; try again later.", "server_error", null, code));
            default:
                LogFailed(exception, exception.GetType().Name);
                return Envelope(StatusCodes.Status500InternalServerError, new("The gateway failed.", "server_error", null, "internal_error"));
        }
    }

    public static JsonHttpResult<GatewayErrorResponse> Envelope(int status, GatewayError error) =>
        TypedResults.Json(new GatewayErrorResponse(error), GatewayErrorJsonContext.Default.GatewayErrorResponse, statusCode: status);

    // The provider's own words, which are about the caller's request.
    private static IResult Refused(HttpContext http, UpstreamRefusal refusal)
    {
        http.Response.SetRetryAfter(refusal.RetryAfter);
        http.Response.Headers.SetId(GatewayHeaders.UpstreamRequestId, refusal.RequestId);
        http.Response.StatusCode = refusal.Status;
        return Results.Bytes(refusal.Body, ReplyHead.Json);
    }

    [LoggerMessage(LogLevel.Error, "A gateway request failed with {Error}.")]
    private partial void LogFailed(Exception exception, string error);
}
