using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Gateway.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Services.Chat.Tests.Gateway;

/// <summary>Which failures there is an answer to. Whatever else is thrown goes on to the server, which breaks the connection off.</summary>
public sealed class GatewayFailuresTests
{
    private static readonly DomainException Failure = new(DomainErrorKind.Upstream, "provider.broken", "It broke.");

    [Theory]
    [InlineData(false, false, false, true)]
    [InlineData(false, true, false, true)]
    [InlineData(true, false, false, false)]
    [InlineData(true, true, false, false)]
    [InlineData(false, false, true, true)]
    [InlineData(true, true, true, true)]
    [InlineData(true, false, true, false)]
    public void HasAnswer_ResponseAndCaller_DecideIt(bool hasStarted, bool isGone, bool isCancelled, bool hasAnswer)
    {
        var context = Context(hasStarted, isGone);

        Assert.Equal(hasAnswer, GatewayFailures.HasAnswer(context, isCancelled ? new OperationCanceledException() : Failure));
    }

    [Fact]
    public void Answer_CancelledByTheCaller_IsForNobody() =>
        Assert.IsType<EmptyHttpResult>(new GatewayFailures(NullLogger<GatewayFailures>.Instance).Answer(Context(hasStarted: false, isGone: true), new OperationCanceledException()));

    [Fact]
    public void Answer_CancelledByNobodyKnown_IsAFailureOfOurs()
    {
        var answer = Assert.IsType<JsonHttpResult<GatewayErrorResponse>>(
            new GatewayFailures(NullLogger<GatewayFailures>.Instance).Answer(Context(hasStarted: false, isGone: false), new OperationCanceledException()));

        Assert.Equal((500, new GatewayErrorResponse(new("The gateway failed.", "server_error", null, "internal_error"))), (answer.StatusCode, answer.Value));
    }

    private static DefaultHttpContext Context(bool hasStarted, bool isGone)
    {
        var context = new DefaultHttpContext { RequestAborted = new(isGone) };
        context.Features.Set<IHttpResponseFeature>(new Response { IsStarted = hasStarted });
        return context;
    }

    private sealed class Response : HttpResponseFeature
    {
        public bool IsStarted { get; init; }

        public override bool HasStarted => IsStarted;
    }
}
