using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace AiPlatform.ServiceDefaults.Http;

/// <summary>
/// Bounds the time to a response's headers, stops asking a service that keeps failing, and repeats a call once the connection
/// itself failed, provided that the call may be made twice.
/// </summary>
internal sealed class ResilienceHandler(ResiliencePipelines pipelines) : DelegatingHandler
{
    private const string IdempotencyKeyHeader = "Idempotency-Key";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var pipeline = pipelines.For(request.RequestUri!.Authority);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(ResiliencePipelines.MayRepeat, IsIdempotent(request));
        try
        {
            return await pipeline.ExecuteAsync(
                static async (context, call) => await call.Handler.SendOnceAsync(call.Request, context.CancellationToken),
                context,
                (Handler: this, Request: request));
        }
        catch (BrokenCircuitException exception)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "The service keeps failing and is not asked for a moment.", exception);
        }
        catch (TimeoutRejectedException exception)
        {
            throw new TimeoutException("The service did not answer in time.", exception);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(request, cancellationToken);

    private static bool IsIdempotent(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get
        || request.Method == HttpMethod.Head
        || request.Method == HttpMethod.Options
        || request.Headers.Contains(IdempotencyKeyHeader);
}
