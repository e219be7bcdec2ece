using System.Web;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Services.Chat.Tests.Services;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Runs;

public sealed class RunTokenTests
{
    [Fact]
    [Trait("Spec", "T000-013")]
    [Trait("Spec", "T000-075")]
    public async Task Token_OfARun_IsExchangedForTheNewestOfTheUserThenRenewedWithItsOwn()
    {
        await using var api = await NeighbourServer.StartAsync();
        api.On("POST /connect/token", Token("run-token-1", 0)).On("POST /connect/token", Token("run-token-2", 300));
        await using var host = await ChatHost.StartAsync(
            async (_, _, token, cancellationToken) => Scripts.Outcome(string.Join(
                ' ', await token.GetAsync(cancellationToken), await token.GetAsync(cancellationToken), await token.GetAsync(cancellationToken))),
            new() { ["services:api:http:0"] = api.Url, ["Auth:ClientId"] = "chat", ["Auth:ClientSecret"] = "a secret" });
        var user = new TestToken();
        var newer = host.Tokens.Issue(user);
        await using var socket = await host.ConnectAsync(user, "/ws/s1");

        await socket.SendAsync(new { type = "chat_message", message = "hello", auth_token = newer });
        var run = await socket.ReadRunAsync();
        var forms = api.Requests.Select(request => HttpUtility.ParseQueryString(request.Body)).ToList();

        Assert.Equal("run-token-1 run-token-2 run-token-2", run.First(frame => frame.Type == "text_completed").TextOf("content"));
        Assert.Equal([newer, "run-token-1"], forms.Select(form => form["subject_token"]));
        Assert.Equal(["chat/a secret", "chat/a secret"], forms.Select(form => $"{form["client_id"]}/{form["client_secret"]}"));
        Assert.All(forms, form => Assert.Equal("urn:ietf:params:oauth:grant-type:token-exchange", form["grant_type"]));
        Assert.All(forms, form => Assert.Equal(run[0].RunId, form["run_id"]));
        Assert.NotNull(forms[0]["run_end"]);
        Assert.Null(forms[1]["run_end"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Token_WhenTheApiRefusesOrIsAway_FailsTheRunAsUpstreamUnavailable(bool away)
    {
        await using var api = await NeighbourServer.StartAsync();
        api.On("POST /connect/token", """{"error":"invalid_client"}""", 401);
        var address = away ? $"http://127.0.0.1:{FreePort.Next()}" : api.Url;
        await using var host = await ChatHost.StartAsync(
            async (_, _, token, cancellationToken) => Scripts.Outcome(await token.GetAsync(cancellationToken)), new() { ["services:api:http:0"] = address });
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");

        var run = await socket.AskAsync("hello");

        FrameRules.Check(run);
        Assert.Equal("upstream_unavailable", run.First(frame => frame.Type == "error").TextOf("code"));
    }

    private static string Token(string token, int expiresIn) =>
        $$"""{"access_token":"{{token}}","token_type":"Bearer","expires_in":{{expiresIn}},"issued_token_type":"urn:ietf:params:oauth:token-type:access_token"}""";
}
