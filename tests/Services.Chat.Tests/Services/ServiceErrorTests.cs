using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Tests.Agents;
using AiPlatform.Services.Chat.Tests.Tools;

namespace AiPlatform.Services.Chat.Tests.Services;

public class ServiceErrorTests
{
    private const string Route = "GET /api/v1/clients/search";

    public static TheoryData<int, string, string, string> Refusals => new()
    {
        { 401, "{}", "unauthorized", "The sign-in is no longer valid." },
        { 403, "{}", "forbidden", "This user may not do that." },
        { 404, "{}", "not_found", "Nothing was found under that id." },
        { 409, """{"detail":"The key was used before."}""", "conflict", "The key was used before." },
        { 410, """{"detail":"The transcript was erased.","code":"session.transcript_expired"}""", "session.transcript_expired", "The transcript was erased." },
        { 410, "no json", "gone", "What this needs is no longer there." },
        { 400, """{"detail":"The query is too long."}""", "validation_error", "The query is too long." },
        { 422, "no json", "validation_error", "The service refused the request." },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    [Trait("Spec", "T000-168")]
    [Trait("Spec", "T000-201")]
    [Trait("Spec", "T000-202")]
    public async Task Call_Refused_GivesItsCodeWithoutRetry(int status, string body, string code, string message)
    {
        await using var harness = await SearchAsync();
        harness.Api.On(Route, body, status);

        await harness.RunAsync();

        JsonAssert.Equal($$"""{"code":"{{code}}","message":"{{message}}","retryable":false}""", Error(harness));
        Assert.Single(harness.Api.Requests);
    }

    [Theory]
    [InlineData(500, "upstream_error", "The service failed to answer.")]
    [InlineData(502, "upstream_error", "The service failed to answer.")]
    [InlineData(408, "timeout", "The service did not answer in time.")]
    [InlineData(429, "rate_limited", "Too many requests at the moment.")]
    [Trait("Spec", "T000-169")]
    public async Task Read_FailsInPassing_IsRepeatedAfterTwoFourAndEightSecondsThenReported(int status, string code, string message)
    {
        await using var harness = await SearchAsync();
        harness.Api.On(Route, "{}", status);

        await harness.RunAsync();

        JsonAssert.Equal($$"""{"code":"{{code}}","message":"{{message}}","retryable":true}""", Error(harness));
        Assert.Equal([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(8)], harness.Time.Waits);
        Assert.Equal(4, harness.Api.Requests.Count);
    }

    [Fact]
    [Trait("Spec", "T000-222")]
    [Trait("Spec", "T002-079")]
    public async Task Read_FailsOnce_SucceedsWithOneCompletedFrame()
    {
        await using var harness = await SearchAsync();
        harness.Api.On(Route, "{}", 500).On(Route, Sample.Clients);

        await harness.RunAsync();

        Assert.True(harness.Told().GetProperty("success").GetBoolean());
        Assert.Equal([TimeSpan.FromSeconds(2)], harness.Time.Waits);
        Assert.Equal(["agent_thinking", "tool_executing", "tool_completed", "text_chunk"], harness.FrameTypes);
    }

    [Theory]
    [InlineData("{\"items\":")]
    [InlineData("<html></html>")]
    [InlineData("null")]
    [InlineData("{\"items\":[{\"id\":\"no id\"}],\"total\":1}")]
    [InlineData("{\"total\":1}")]
    [Trait("Spec", "T000-171")]
    [Trait("Spec", "T000-101")]
    public async Task Call_AnswerCannotBeRead_IsMalformed(string body)
    {
        await using var harness = await SearchAsync();
        harness.Api.On(Route, body);

        await harness.RunAsync();

        JsonAssert.Equal(
            """{"code":"malformed_response","message":"The service gave an answer that cannot be read.","retryable":false}""", Error(harness));
    }

    [Fact]
    [Trait("Spec", "T000-170")]
    [Trait("Spec", "T000-203")]
    public async Task Call_NeverAnswered_TimesOut()
    {
        await using var harness = await SearchAsync();
        var aborted = new TaskCompletionSource();
        harness.Time.Patience = TimeSpan.FromSeconds(30);
        harness.Api.On(Route, async context =>
        {
            context.RequestAborted.Register(() => aborted.TrySetResult());
            await aborted.Task.WaitAsync(TimeSpan.FromSeconds(30));
        });

        await harness.RunAsync();

        JsonAssert.Equal("""{"code":"timeout","message":"search_clients did not finish in time.","retryable":true}""", Error(harness));
    }

    [Fact]
    [Trait("Spec", "T000-108")]
    public async Task Call_ServiceIsGone_FailsCleanlyAndTheChatStillAnswers()
    {
        await using var harness = await SearchAsync();
        await harness.Api.DisposeAsync();

        var outcome = await harness.RunAsync();

        JsonAssert.Equal("""{"code":"upstream_error","message":"The service cannot be reached at the moment.","retryable":true}""", Error(harness));
        Assert.Equal("Done.", outcome.Text);
    }

    [Fact]
    [Trait("Spec", "T000-102")]
    public async Task Call_WithoutToken_IsUnauthorizedAndNotMade()
    {
        await using var harness = await SearchAsync();
        harness.Token = "";

        await harness.RunAsync();

        Assert.Equal("unauthorized", Error(harness).GetProperty("code").GetString());
        Assert.Empty(harness.Api.Requests);
    }

    [Fact]
    [Trait("Spec", "T000-172")]
    [Trait("Spec", "T000-199")]
    [Trait("Spec", "T000-200")]
    public async Task Call_ByAPractitioner_CarriesTokenProfileAndCorrelation()
    {
        await using var harness = await SearchAsync();
        harness.Api.On(Route, Sample.Clients);

        await harness.RunAsync();

        var headers = Assert.Single(harness.Api.Requests).Headers;
        Assert.Equal(
            ("Bearer run-token", $"{harness.User.ProfileId}", "correlation-1"),
            (headers["Authorization"], headers["ProfileID"], headers["X-Correlation-Id"]));
        Assert.DoesNotContain("Idempotency-Key", headers.Keys);
    }

    [Theory]
    [InlineData(UserRole.Client)]
    [InlineData(UserRole.Reception)]
    [InlineData(UserRole.Owner)]
    [Trait("Spec", "T000-173")]
    [Trait("Spec", "T000-100")]
    public async Task Call_ByAnybodyElse_CarriesNoProfile(UserRole role)
    {
        await using var harness = await SearchAsync();
        harness.User = harness.User with { Role = role };
        harness.Api.On(Route, Sample.Clients);

        await harness.RunAsync();

        Assert.DoesNotContain("ProfileID", Assert.Single(harness.Api.Requests).Headers.Keys);
    }

    private static Task<AgentHarness> SearchAsync() => AgentHarness.StartForCallAsync("search_clients", new { query = "Maya" });

    private static JsonElement Error(AgentHarness harness) => harness.Told().GetProperty("error");
}
