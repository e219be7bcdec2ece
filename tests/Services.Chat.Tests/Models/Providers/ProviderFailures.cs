using System.Globalization;
using System.Net;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Models.Providers;

/// <summary>What must be so of every provider's failures and endings, whatever its wire.</summary>
internal static class ProviderFailures
{
    /// <summary>Refusals have our codes, their words stay behind, the hint when to come back is kept, and nothing is asked twice.</summary>
    public static async Task AssertWrappedAsync(ProviderBench bench)
    {
        (HttpStatusCode Status, int? RetryAfter, string Code, DomainErrorKind Kind)[] refusals =
        [
            (HttpStatusCode.TooManyRequests, 7, "provider.rate_limited", DomainErrorKind.RateLimited),
            (HttpStatusCode.ServiceUnavailable, 3, "provider.overloaded", DomainErrorKind.Unavailable),
            (HttpStatusCode.InternalServerError, null, "provider.error", DomainErrorKind.Upstream),
            (HttpStatusCode.Unauthorized, null, "provider.refused", DomainErrorKind.Upstream),
            (HttpStatusCode.BadRequest, null, "provider.request_refused", DomainErrorKind.Invalid),
            (HttpStatusCode.RequestEntityTooLarge, null, "provider.context_too_long", DomainErrorKind.Unprocessable),
            (HttpStatusCode.GatewayTimeout, null, "provider.timeout", DomainErrorKind.Timeout),
        ];

        foreach (var (status, retryAfter, code, kind) in refusals)
        {
            bench.Server.Respond = _ => ModelReply.Refuse(status, "The prompt was: secret words", retryAfter: retryAfter?.ToString(CultureInfo.InvariantCulture));
            TimeSpan? wait = retryAfter is null ? null : TimeSpan.FromSeconds(retryAfter.Value);

            var whole = await Assert.ThrowsAsync<DomainException>(() => bench.Client.GetResponseAsync("Hi"));
            var streamed = await Assert.ThrowsAsync<DomainException>(() => bench.Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync());

            Assert.Equal((code, kind, wait), (whole.Code, whole.Kind, whole.RetryAfter));
            Assert.Equal((code, kind, wait), (streamed.Code, streamed.Kind, streamed.RetryAfter));
            Assert.DoesNotContain("secret words", $"{whole}{streamed}", StringComparison.Ordinal);
        }

        Assert.Equal(2 * refusals.Length, bench.Server.Requests.Count);
    }

    /// <summary>Cancelling ends the server's call at once, and nothing comes after it.</summary>
    public static async Task AssertStopsAsync(ProviderBench bench)
    {
        bench.Server.Enqueue(ModelReply.Of(new ModelStep.TextDelta("One"), new ModelStep.Wait(Timeout.InfiniteTimeSpan), new ModelStep.TextDelta("Two")));
        using var leaving = new CancellationTokenSource();
        var texts = new List<string>();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in bench.Client.GetStreamingResponseAsync("Hi", cancellationToken: leaving.Token))
            {
                if (update.Text.Length > 0)
                {
                    texts.Add(update.Text);
                    await leaving.CancelAsync();
                }
            }
        });

        Assert.Equal(["One"], texts);
        Assert.False(await (await bench.Server.NextRequestAsync()).Ended.WaitAsync(Eventually.Timeout));
    }

    /// <summary>A reply that ends before its end is not taken for whole, and what cannot be read is told as that.</summary>
    public static async Task AssertBrokenAsync(ProviderBench bench, string unreadable = "data: {\"broken\":\n\n")
    {
        bench.Server.Enqueue(ModelReply.Of(new ModelStep.TextDelta("Half"), new ModelStep.Cut()));
        Assert.Equal("provider.stream_broken", await StreamedAsync(bench));

        bench.Server.Enqueue(ModelReply.Of(new ModelStep.Cut()));
        Assert.Equal("provider.unreachable", await StreamedAsync(bench));

        bench.Server.Enqueue(ModelReply.Of(new ModelStep.TextDelta("Half"), new ModelStep.Raw(unreadable)));
        Assert.Equal("provider.unreadable_reply", await StreamedAsync(bench));

        bench.Server.Enqueue(ModelReply.Of(new ModelStep.Raw("<html>not here</html>")));
        Assert.Equal("provider.unreadable_reply", (await Assert.ThrowsAsync<DomainException>(() => bench.Client.GetResponseAsync("Hi"))).Code);
    }

    private static async Task<string> StreamedAsync(ProviderBench bench) =>
        (await Assert.ThrowsAsync<DomainException>(() => bench.Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync())).Code;
}
