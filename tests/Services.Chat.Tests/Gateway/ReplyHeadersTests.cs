using AiPlatform.Services.Chat.Gateway.Replies;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Services.Chat.Tests.Gateway;

public sealed class ReplyHeadersTests
{
    private const string RequestId = "X-Request-Id";

    [Fact]
    public void EnsureAnnounced_AfterHeadersWereCleared_GivesTheIdThatTheRequestHas()
    {
        var context = new DefaultHttpContext();
        ReplyHeaders.Announce(context, TimeProvider.System);
        var announced = context.Response.Headers[RequestId].ToString();
        context.Response.Clear();

        ReplyHeaders.EnsureAnnounced(context, TimeProvider.System);

        Assert.Equal((announced, announced), (context.Response.Headers[RequestId].ToString(), context.TraceIdentifier));
    }

    [Fact]
    public void EnsureAnnounced_OfARequestThatHasNoneYet_GivesItOne()
    {
        var context = new DefaultHttpContext { TraceIdentifier = "0HN7SPBVKMKQD:00000002" };

        ReplyHeaders.EnsureAnnounced(context, TimeProvider.System);

        Assert.StartsWith("req_", context.Response.Headers[RequestId].ToString(), StringComparison.Ordinal);
        Assert.Equal(context.TraceIdentifier, context.Response.Headers[RequestId].ToString());
    }
}
