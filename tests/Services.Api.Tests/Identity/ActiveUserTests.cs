using System.Net;
using System.Net.Http.Headers;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Api.Identity;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.Identity;

/// <summary>What a service hears of the users it acts for.</summary>
public sealed class ActiveUserTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string Nora = "0a000000-0000-7000-8000-000000000201";
    private const string Owner = "0a000000-0000-7000-8000-000000000204";
    private const string OwnerOfB = "0b000000-0000-7000-8000-000000000204";

    [Fact]
    public async Task ListActive_OneMayNotSignInAndOneIsAnothersAndOneIsNobody_TellsTheOthersWithTheirRole()
    {
        using var service = await ServiceOfAAsync();
        await factory.Services.GetRequiredService<Database>().RunAsync(
            (connection, token) => connection.ExecuteAsync(new CommandDefinition("update users set active = 0 where id = @Nora", new { Nora }, cancellationToken: token)), CancellationToken.None);

        var answer = await service.GetJsonAsync($"/api/v1/users/active?id={Nora}&id={Owner}&id={OwnerOfB}&id={Guid.NewGuid()}");

        Assert.Equal($$"""{"items":[{"userId":"{{Owner}}","role":"owner"}]}""", answer.GetRawText());
    }

    [Theory]
    [InlineData("", "request.invalid")]
    [InlineData("?id=nora", "request.malformed")]
    [InlineData(null, "request.invalid")]
    public async Task ListActive_NoneOrTooMany_IsRefused(string? query, string code)
    {
        using var service = await ServiceOfAAsync();

        using var response = await service.GetAsync($"/api/v1/users/active{query ?? $"?{string.Join('&', Enumerable.Range(0, 101).Select(_ => $"id={Guid.NewGuid()}"))}"}");

        await response.AssertProblemAsync(HttpStatusCode.BadRequest, code);
    }

    private async Task<HttpClient> ServiceOfAAsync()
    {
        var token = await factory.Services.GetRequiredService<TokenIssuer>().IssueServiceTokenAsync(Guid.CreateVersion7(), ApiFactory.PracticeA, CancellationToken.None);
        var client = factory.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        return client;
    }
}
