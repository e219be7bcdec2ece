using System.Net;
using System.Net.Http.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Tests.Audit;
using AiPlatform.Services.Api.Tests.Fhir;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Api.Tests.Identity;

public sealed class ProfileHeaderTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string Nora = "0a000000-0000-7000-8000-000000000101";
    private const string Daniel = "0a000000-0000-7000-8000-000000000102";
    private const string Helen = "0b000000-0000-7000-8000-000000000101";

    [Theory]
    [InlineData("/api/v1/clients", null)]
    [InlineData("/api/v1/clients", Nora)]
    [InlineData("/api/v1/me", "0A000000-0000-7000-8000-000000000101")]
    [InlineData("/fhir/Patient", Nora)]
    public async Task Request_ProfileOfTheTokenOrNone_Answered(string path, string? profileId)
    {
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        Assert.Equal(HttpStatusCode.OK, (await GetAsync(nora, path, profileId)).StatusCode);
    }

    [Theory]
    [InlineData("1")]
    [InlineData($"{Nora},{Nora}")]
    [InlineData($"{{{Nora}}}")]
    [InlineData("' or 1=1 --")]
    public async Task Request_NoId_Invalid(string profileId)
    {
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var problem = await (await GetAsync(nora, "/api/v1/clients", profileId)).ReadAsync(HttpStatusCode.BadRequest);

        Assert.Equal(
            ("profile.invalid", "ProfileID"),
            (problem.GetProperty("code").GetString(), problem.GetProperty("errors")[0].GetProperty("field").GetString()));
    }

    [Fact]
    public async Task Request_HeaderTwice_Invalid()
    {
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/clients");
        request.Headers.Add("ProfileID", [Nora, Nora]);

        await (await nora.SendAsync(request)).AssertProblemAsync(HttpStatusCode.BadRequest, "profile.invalid");
    }

    [Theory]
    [InlineData(SamplePerson.Nora, Daniel)]
    [InlineData(SamplePerson.Nora, Helen)]
    [InlineData(SamplePerson.Helen, Nora)]
    [InlineData(SamplePerson.OwnerA, Nora)]
    [InlineData(SamplePerson.ReceptionA, Nora)]
    [InlineData(SamplePerson.MayaLindqvist, Nora)]
    public async Task Request_ProfileOfSomebodyElse_ForbiddenOnEveryRoute(SamplePerson person, string profileId)
    {
        using var caller = await factory.CreateClientAsync(person);

        foreach (var path in new[] { "/api/v1/clients", "/api/v1/me", "/api/v1/practitioners", $"/api/v1/sessions/{Nora}" })
        {
            await (await GetAsync(caller, path, profileId)).AssertProblemAsync(HttpStatusCode.Forbidden, "profile.forbidden");
        }

        await (await GetAsync(caller, "/fhir/Patient", profileId)).AssertOutcomeAsync(HttpStatusCode.Forbidden, "error forbidden profile.forbidden");
    }

    [Fact]
    public async Task Request_ByAService_Forbidden()
    {
        using var service = await factory.CreateCallerAsync(UserRole.Service, ApiFactory.PracticeA);

        await (await GetAsync(service, "/api/v1/clients", Nora)).AssertProblemAsync(HttpStatusCode.Forbidden, "profile.forbidden");
    }

    [Fact]
    public async Task Request_Refused_IsInTheAudit()
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        nora.DefaultRequestHeaders.Add("X-Correlation-Id", "profile-1");

        await GetAsync(nora, "/api/v1/clients", Daniel);

        string[] found = [];
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                var items = (await owner.GetJsonAsync("/api/v1/audit/events?action=profile.used&limit=500")).GetProperty("items").EnumerateArray();
                found = [.. items.Where(item => item.GetProperty("correlationId").GetString() == "profile-1").Select(item =>
                    $"{item.GetProperty("role")} {item.GetProperty("recordType")} {item.GetProperty("recordId")} {item.GetProperty("outcome")}")];
                return found.Length > 0;
            },
            "the refusal is in the chain");
        Assert.Equal([$"practitioner profile {Daniel} refused"], found);
    }

    [Fact]
    public async Task Request_WithoutAToken_IsToldThatFirst()
    {
        using var nobody = factory.CreateClient();

        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(nobody, "/api/v1/clients", "1")).StatusCode);
        nobody.DefaultRequestHeaders.Add("ProfileID", Nora);
        Assert.Equal(
            HttpStatusCode.OK,
            (await nobody.PostAsJsonAsync("/api/v1/auth/login", new { email = "nora.berg@harbourlane.example", password = "demo-password-1" })).StatusCode);
    }

    private static Task<HttpResponseMessage> GetAsync(HttpClient client, string path, string? profileId)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (profileId is not null)
        {
            request.Headers.TryAddWithoutValidation("ProfileID", profileId);
        }

        return client.SendAsync(request);
    }
}
