using System.Net;
using AiPlatform.Services.Chat.Models.Forwarding;

namespace AiPlatform.Services.Chat.Tests.Models.Forwarding;

public sealed class UpstreamReplyTests
{
    [Fact]
    public void Read_HeadersSentTwice_CountByTheirFirst()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([1, 2, 3]) };
        response.Content.Headers.TryAddWithoutValidation("Content-Type", ["application/json; charset=utf-8", "text/event-stream"]);
        response.Content.Headers.TryAddWithoutValidation("Content-Length", ["3", "4"]);
        response.Headers.TryAddWithoutValidation("x-request-id", ["one", "two"]);
        using var reply = new UpstreamReply(response, TimeProvider.System);

        Assert.Equal((true, false, 3, "one"), (reply.IsJson, reply.IsEventStream, reply.Length, reply.RequestId));
    }

    [Theory]
    [InlineData(null, false, false)]
    [InlineData("", false, false)]
    [InlineData("text/html", false, false)]
    [InlineData("APPLICATION/JSON ;charset=utf-8", true, false)]
    [InlineData("application/problem+json", true, false)]
    [InlineData("text/event-stream;charset=utf-8", false, true)]
    public void Read_ContentType_SaysWhatTheBodyIs(string? type, bool isJson, bool isEventStream)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
        if (type is not null)
        {
            response.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var reply = new UpstreamReply(response, TimeProvider.System);

        Assert.Equal((isJson, isEventStream), (reply.IsJson, reply.IsEventStream));
    }
}
