using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.Identity;

/// <summary>The sign-in routes answer in the envelope whatever happens; no other route does.</summary>
public sealed class EnvelopeTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string Login = "/api/v1/auth/login";
    private const string Right = """{"email":"nora.berg@harbourlane.example","password":"demo-password-1"}""";

    public static TheoryData<string, string, string, string?, int, string> Failures => new()
    {
        { "POST", Login, "application/json", "{", 400, """[{"field":null,"message":"The body is not the JSON object that this route takes.","code":"request.malformed"}]""" },
        {
            "POST", Login, "application/json", """{"email":"a@b.c","remember":true}""", 400,
            """[{"field":"remember","message":"Unknown, twice or of another kind.","code":"request.member_invalid"}]"""
        },
        {
            "POST", Login, "application/json", """{"email":""}""", 400,
            """
            [
              {"field":"email","message":"A text of 1 to 254 characters is needed.","code":"text.required"},
              {"field":"password","message":"A text of 1 to 256 characters is needed.","code":"text.required"}
            ]
            """
        },
        { "POST", Login, "application/json", """{"email":"a@b.c","password":"x"}""", 401, """[{"field":null,"message":"The address or the password is wrong.","code":"auth.invalid_credentials"}]""" },
        { "POST", "/api/v1/auth/refresh", "application/json", """{"refreshToken":"x"}""", 401, """[{"field":null,"message":"The refresh token is not valid any more. Sign in again.","code":"auth.invalid_refresh_token"}]""" },
        { "POST", "/api/v1/auth/nowhere", "application/json", "{}", 404, """[{"field":null,"message":"Not Found","code":"resource.not_found"}]""" },
        { "PUT", Login, "application/json", "{}", 405, """[{"field":null,"message":"Method Not Allowed","code":"request.method_not_allowed"}]""" },
        { "POST", Login, "text/plain", "email=a", 415, """[{"field":null,"message":"Unsupported Media Type","code":"request.unsupported_media_type"}]""" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task SignInRoute_RefusedRequest_AnswersInTheEnvelope(string method, string path, string type, string? body, int status, string errors)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var response = await nora.WriteAsync(new(method), path, new StringContent(body!, Encoding.UTF8, type));

        await AssertFailureAsync(response, status, errors);
    }

    [Theory]
    [InlineData("/api/v1/auth/nowhere")]
    [InlineData("/api/v1/auth")]
    public async Task SignInRoute_UnknownWithoutToken_AnswersInTheEnvelope(string path)
    {
        var response = await factory.CreateClient().GetAsync(path);

        await AssertFailureAsync(response, 401, """[{"field":null,"message":"An access token is needed.","code":"auth.required"}]""");
    }

    [Fact]
    public async Task SignInRoute_BodyPastItsLimit_AnswersInTheEnvelope()
    {
        var response = await PostAsync(factory.CreateClient(), $$"""{"email":"a@b.c","password":"{{new string('x', 17 * 1024)}}"}""");

        await AssertFailureAsync(response, 413, """[{"field":null,"message":"The request is larger than this route accepts.","code":"request.too_large"}]""");
    }

    [Fact]
    public async Task SignInRoute_TooManyAttempts_SaysHowLongToWait()
    {
        var client = factory.CreateClient();
        const string wrong = """{"email":"reception@northfield.example","password":"wrong"}""";
        for (var attempt = 0; attempt < 10; attempt++)
        {
            await PostAsync(client, wrong);
        }

        var response = await PostAsync(client, wrong);

        await AssertFailureAsync(
            response, 429, """[{"field":null,"message":"Too many failed sign-ins for this address. Try again later.","code":"auth.too_many_attempts"}]""");
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(15));
    }

    public static TheoryData<Exception, int, string> ServerFailures => new()
    {
        { new InvalidOperationException("client Ann Example"), 500, """[{"field":null,"message":"Internal Server Error","code":"server.error"}]""" },
        {
            new DatabaseUnavailableException("The database could not be reached."), 503,
            """[{"field":null,"message":"The database could not be reached.","code":"database.unavailable"}]"""
        },
    };

    [Theory]
    [MemberData(nameof(ServerFailures))]
    public async Task SignInRoute_ServerFails_AnswersInTheEnvelope(Exception failure, int status, string errors)
    {
        using var failing = factory.WithWebHostBuilder(builder => builder.ConfigureTestServices(services =>
            services.AddSingleton<IUserStore>(new FailingUsers(failure))));

        var response = await PostAsync(failing.CreateClient(), Right);

        await AssertFailureAsync(response, status, errors);
    }

    [Fact]
    public async Task SignInRoute_Success_AnswersInTheEnvelope()
    {
        var response = await PostAsync(factory.CreateClient(), Right);

        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
        Assert.Equal(["success", "code", "message", "data", "meta"], answer.Select(member => member.Key));
        Assert.Equal((HttpStatusCode.OK, true, 200), (response.StatusCode, (bool)answer["success"]!, (int)answer["code"]!));
        Assert.Equal(["accessToken", "refreshToken", "expiresIn", "tokenType", "user"], answer["data"]!.AsObject().Select(member => member.Key));
    }

    [Theory]
    [InlineData("GET", "/api/v1/clients?limit=0", "", 400, "request.invalid")]
    [InlineData("GET", "/api/v1/authors", "", 404, "resource.not_found")]
    [InlineData("GET", "/api/v1/clients/0c000000-0000-7000-8000-00000000dead", "", 404, "client.not_found")]
    [InlineData("POST", "/api/v1/audit/events", """{"events":[]}""", 403, "audit.intake_forbidden")]
    [InlineData("DELETE", "/api/v1/clinic", "", 405, "request.method_not_allowed")]
    public async Task OtherRoute_RefusedRequest_AnswersWithAProblem(string method, string path, string body, int status, string code)
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);

        var response = await owner.WriteAsync(new(method), path, body);

        await response.AssertProblemAsync((HttpStatusCode)status, code);
    }

    [Theory]
    [InlineData("/api/v1/me")]
    [InlineData("/api/v1/clinic")]
    [InlineData("/api/v1/clients")]
    [InlineData("/api/v1/sessions/search")]
    public async Task OtherRoute_Success_IsTheBareResource(string path)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var answer = await nora.GetJsonAsync(path);

        Assert.Empty(answer.EnumerateObject().Select(member => member.Name).Intersect(["success", "code", "message", "data", "meta"]));
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string body) => client.WriteAsync(HttpMethod.Post, Login, body);

    private static async Task AssertFailureAsync(HttpResponseMessage response, int status, string errors)
    {
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
        Assert.Equal(["success", "code", "message", "data", "meta"], answer.Select(member => member.Key));
        Assert.Equal(
            (status, "application/json", false, status, 32),
            ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, (bool)answer["success"]!, (int)answer["code"]!, $"{answer["meta"]!["traceId"]}".Length));
        Assert.Equal($$"""{"errors":{{errors}}}""", answer["data"]!.ToJsonString(), SameJson.Comparer);
    }

    private sealed class FailingUsers(Exception failure) : IUserStore
    {
        public Task<(User User, string PasswordHash)?> FindByEmailAsync(string email, CancellationToken cancellationToken) => throw failure;

        public Task<User?> FindAsync(Guid practiceId, Guid userId, CancellationToken cancellationToken) => throw failure;

        public Task<IReadOnlyDictionary<Guid, UserRole>> FindRolesAsync(Guid practiceId, IReadOnlyList<Guid> userIds, CancellationToken cancellationToken) => throw failure;

        public Task<IReadOnlyDictionary<Guid, UserRole>> FindProfileRolesAsync(Guid practiceId, CancellationToken cancellationToken) => throw failure;
    }
}
