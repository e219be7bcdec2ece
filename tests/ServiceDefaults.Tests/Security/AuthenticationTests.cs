using System.Net;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Tests.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.ServiceDefaults.Tests.Security;

public sealed class AuthenticationTests
{
    private const string Required = """{"code":"auth.required","detail":"An access token is needed."}""";
    private const string Invalid = """{"code":"auth.token_invalid","detail":"The access token is not valid or has expired."}""";

    [Fact]
    [Trait("Spec", "T001-359")]
    public async Task Call_WithoutToken_IsUnauthorizedWithCode()
    {
        await using var service = await StartAsync();

        var response = await service.GetAsync("/me");

        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (response.StatusCode, response.Headers.WwwAuthenticate.ToString()));
        Assert.Equal(Required, await TestService.ReadProblemAsync(response));
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("two tokens")]
    public async Task Call_BadToken_IsUnauthorizedWithAnotherCode(string token)
    {
        await using var service = await StartAsync();

        var response = await service.GetAsync("/me", headers: headers => headers.TryAddWithoutValidation("Authorization", $"Bearer {token}"));

        Assert.Equal(
            (HttpStatusCode.Unauthorized, "Bearer error=\"invalid_token\""), (response.StatusCode, response.Headers.WwwAuthenticate.ToString()));
        Assert.Equal(Invalid, await TestService.ReadProblemAsync(response));
    }

    [Fact]
    [Trait("Spec", "T001-360")]
    public async Task Call_ExpiredToken_IsUnauthorized()
    {
        await using var service = await StartAsync();

        var response = await service.GetAsync("/me", service.Tokens.Issue(new TestToken { Lifetime = TimeSpan.FromMinutes(-1) }));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(Invalid, await TestService.ReadProblemAsync(response));
    }

    [Fact]
    public async Task Call_TokenOfAnotherIssuersKey_IsUnauthorized()
    {
        await using var service = await StartAsync();
        using var stranger = new TokenFactory();

        Assert.Equal(HttpStatusCode.Unauthorized, (await service.GetAsync("/me", stranger.Issue(new TestToken()))).StatusCode);
    }

    [Fact]
    public async Task Call_OtherScheme_CountsAsNoToken()
    {
        await using var service = await StartAsync();

        var response = await service.GetAsync("/me", headers: headers => headers.Authorization = new("Basic", "YTpi"));

        Assert.Equal(Required, await TestService.ReadProblemAsync(response));
    }

    [Theory]
    [InlineData("/query-token", HttpStatusCode.OK)]
    [InlineData("/me", HttpStatusCode.Unauthorized)]
    public async Task Call_TokenInQuery_CountsOnlyWhereAllowed(string path, HttpStatusCode status)
    {
        await using var service = await StartAsync();

        Assert.Equal(status, (await service.GetAsync($"{path}?token={service.IssueToken()}")).StatusCode);
    }

    [Fact]
    public async Task Call_TokensInHeaderAndQuery_TakesTheHeader()
    {
        await using var service = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync("/query-token?token=rubbish", service.IssueToken())).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.GetAsync($"/query-token?token={service.IssueToken()}", "rubbish")).StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("rubbish")]
    public async Task Call_OpenEndpoint_NeedsNoToken(string? token)
    {
        await using var service = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync("/open", token)).StatusCode);
    }

    [Fact]
    public async Task Call_UserAskedForOnOpenEndpoint_IsUnauthorized()
    {
        await using var service = await StartAsync();

        var response = await service.GetAsync("/open-me");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(Required, await TestService.ReadProblemAsync(response));
    }

    [Fact]
    public async Task Call_RoleNotAllowed_IsForbiddenWithCode()
    {
        await using var service = await StartAsync();

        var response = await service.GetAsync("/owners", service.IssueToken());

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("""{"code":"auth.forbidden","detail":"The access token does not allow this."}""", await TestService.ReadProblemAsync(response));
        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync("/owners", service.Tokens.Issue(UserRole.Owner, Guid.CreateVersion7()))).StatusCode);
    }

    [Theory]
    [InlineData(UserRole.Owner)]
    [InlineData(UserRole.Practitioner)]
    [InlineData(UserRole.Reception)]
    [InlineData(UserRole.Client)]
    [InlineData(UserRole.Admin)]
    [InlineData(UserRole.Service)]
    public async Task Call_GoodToken_GivesTheHandlerExactlyThatUser(UserRole role)
    {
        await using var service = await StartAsync();
        var token = new TestToken
        {
            Role = role,
            ProfileId = role is UserRole.Practitioner ? Guid.CreateVersion7() : null,
            ClientId = role is UserRole.Client ? Guid.CreateVersion7() : null,
            CustomerId = role is UserRole.Owner ? "cus_1" : null,
        };

        var user = JsonSerializer.Deserialize<CurrentUser>(await (await service.GetAsync("/me", service.Tokens.Issue(token))).Content.ReadAsStringAsync(), JsonSerializerOptions.Web);

        Assert.Equal(new CurrentUser(token.UserId, role, token.PracticeId, token.ProfileId, token.ClientId, token.CustomerId), user);
    }

    private static Task<TestService> StartAsync() => TestService.StartAsync(app =>
    {
        app.MapGet("/me", (CurrentUser user) => TypedResults.Ok(user));
        app.MapGet("/query-token", () => TypedResults.Ok()).AllowQueryToken();
        app.MapGet("/open", () => TypedResults.Ok()).AllowAnonymous();
        app.MapGet("/open-me", (CurrentUser user) => TypedResults.Ok(user)).AllowAnonymous();
        app.MapGet("/owners", () => TypedResults.Ok()).RequireAuthorization(policy => policy.RequireRole("owner"));
    });
}
