using AiPlatform.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Chat.Gateway.Errors;

/// <summary>The gateway's one translation of failures. What happens after the first byte of a stream is the stream's to tell.</summary>
internal sealed partial class GatewayErrorFilter(ILogger<GatewayErrorFilter> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;

        try
        {
            return await next(context);
        }
        catch (DomainException exception) when (!http.Response.HasStarted)
        {
            return Envelope((int)exception.Kind, GatewayError.Of(exception));
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

    [LoggerMessage(LogLevel.Error, "A gateway request failed with {Error}.")]
    private partial void LogFailed(Exception exception, string error);
}
