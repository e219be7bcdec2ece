using System.Collections.Concurrent;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace AiPlatform.ServiceDefaults.Http;

/// <summary>
/// One pipeline per neighbour: bound, retry, circuit breaker. Retries stay few and only on lost connections and 503: who calls
/// (a tool, a job) decides about waiting longer, and two layers of patience would multiply.
/// </summary>
internal sealed class ResiliencePipelines(TimeProvider timeProvider)
{
    public static readonly ResiliencePropertyKey<bool> MayRepeat = new("may-repeat");

    // The longest answer we wait for is a document's draft (60 s); a little more, so that its own bound speaks first.
    private static readonly TimeSpan ToHeaders = TimeSpan.FromSeconds(75);

    private readonly ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>> _pipelines = new(StringComparer.OrdinalIgnoreCase);

    public ResiliencePipeline<HttpResponseMessage> For(string authority) => _pipelines.GetOrAdd(authority, _ => Build());

    private ResiliencePipeline<HttpResponseMessage> Build() => new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = timeProvider }
        .AddTimeout(new TimeoutStrategyOptions { Timeout = ToHeaders })
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = 2,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(100),
            UseJitter = true,
            ShouldHandle = static arguments => ValueTask.FromResult(
                arguments.Context.Properties.GetValue(MayRepeat, false) && IsTransient(arguments.Outcome)),
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
        {
            FailureRatio = 0.5,
            MinimumThroughput = 20,
            SamplingDuration = TimeSpan.FromSeconds(10),
            BreakDuration = TimeSpan.FromSeconds(2),
            ShouldHandle = static arguments => ValueTask.FromResult(IsTransient(arguments.Outcome)),
        })
        .Build();

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException || outcome.Result?.StatusCode is System.Net.HttpStatusCode.ServiceUnavailable;
}
