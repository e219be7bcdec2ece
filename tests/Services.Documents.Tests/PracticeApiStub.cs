using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text.Json;
using AiPlatform.Tests.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Services.Documents.Tests;

/// <summary>
/// Services.Api's routes that documents are made from, on a real port: it answers a token with what the token's practice has, and
/// publishes the keys of the test's tokens.
/// </summary>
public sealed class PracticeApiStub : IAsyncDisposable
{
    private static readonly JsonSerializerOptions WithoutNulls = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<Guid, TestPractice> _practices = new();
    private readonly ConcurrentQueue<(string Path, string Authorization)> _requests = new();

    private PracticeApiStub(TokenFactory tokens)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();

        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = TokenFactory.DefaultIssuer, jwks_uri = $"{Url}/.well-known/jwks.json" }));
        _app.MapGet("/.well-known/jwks.json", () => Results.Json(new { keys = new[] { tokens.ToJsonWebKey() } }));
        _app.MapGet("/api/v1/{**path}", Answer);
    }

    public string Url => _app.Urls.Single();

    /// <summary>Answers instead of the practice's data when it returns one; by path.</summary>
    public Func<string, IResult?>? Fault { get; set; }

    public static async Task<PracticeApiStub> StartAsync(TokenFactory tokens)
    {
        var stub = new PracticeApiStub(tokens);
        await stub._app.StartAsync();
        return stub;
    }

    public void Add(TestPractice practice) => _practices[practice.Id] = practice;

    /// <summary>Paths asked for with that token, in order of arrival.</summary>
    public IReadOnlyList<string> RequestsWith(string token) =>
        [.. _requests.Where(request => request.Authorization == $"Bearer {token}").Select(request => request.Path)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Answer(HttpContext context, string path)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        _requests.Enqueue(($"{context.Request.Path}{context.Request.QueryString}", authorization));
        if (Fault?.Invoke(path) is { } fault)
        {
            return fault;
        }

        var claims = Claims(authorization);
        var practice = _practices[claims.GetProperty("practice_id").GetGuid()];
        var answer = path.Split('/') switch
        {
            ["me"] => new
            {
                id = claims.GetProperty("sub").GetGuid(),
                role = claims.GetProperty("role").GetString(),
                practiceId = practice.Id,
                profileId = claims.TryGetProperty("profile_id", out var profile) ? profile.GetGuid() : (Guid?)null,
                displayName = practice.PractitionerName,
            },
            ["clinic"] => new { id = practice.Id, name = practice.Name, timeZone = practice.TimeZone },
            ["clients", var id] => practice.FindClient(Guid.Parse(id)),
            ["sessions", var id] => practice.FindSession(Guid.Parse(id)),
            _ => null,
        };

        if (path.Split('/') is ["sessions", var session] && practice.HasExpired(Guid.Parse(session)))
        {
            return Results.Problem(statusCode: 410);
        }

        return answer is null ? Results.Problem(statusCode: 404) : Results.Json(answer, WithoutNulls);
    }

    private static JsonElement Claims(string authorization) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(authorization["Bearer ".Length..].Split('.')[1])).RootElement;
}
