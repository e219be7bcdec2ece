using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Identity;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.Contract;

/// <summary>Who walks over the routes.</summary>
internal static class WalkCallers
{
    /// <summary>Works at practice A and treats nobody there.</summary>
    public static Task<HttpClient> CreateOtherPractitionerAsync(this ApiFactory factory) =>
        factory.CreateWalkerAsync(UserRole.Practitioner, ApiFactory.PracticeA, profileId: Guid.CreateVersion7());

    /// <summary>Is treated at practice A, and is not Maya.</summary>
    public static Task<HttpClient> CreateOtherClientAsync(this ApiFactory factory) =>
        factory.CreateWalkerAsync(UserRole.Client, ApiFactory.PracticeA, clientId: ApiFactory.TomOkafor);

    /// <summary>Whoever the row says gets an answer.</summary>
    public static Task<HttpClient> CreateAskerAsync(this ApiFactory factory, IsolationTests.Row row) => row.Asker is { } role
        ? factory.CreateWalkerAsync(role, ApiFactory.PracticeA, userId: new(IsolationTests.NoraUser), profileId: new(IsolationTests.NoraProfile), clientId: new(IsolationTests.Maya))
        : factory.CreateClientAsync(row.As);

    /// <param name="age">How long ago the token was issued.</param>
    public static async Task<HttpClient> CreateWalkerAsync(
        this ApiFactory factory, UserRole role, Guid practiceId, Guid? userId = null, Guid? profileId = null, Guid? clientId = null, TimeSpan age = default)
    {
        var issuer = ActivatorUtilities.CreateInstance<TokenIssuer>(factory.Services, new ShiftedTime { Shift = -age });
        var user = new User(userId ?? Guid.CreateVersion7(), practiceId, "walker@harbourlane.example", role, "Walker", profileId, clientId, CustomerId: null);
        var token = role is UserRole.Service
            ? await issuer.IssueServiceTokenAsync(user.Id, practiceId, CancellationToken.None)
            : await issuer.IssueAccessTokenAsync(user, Guid.CreateVersion7(), CancellationToken.None);
        var client = factory.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        return client;
    }

    /// <summary>The code and the fields of a refusal in whichever of the three formats; the body as it came.</summary>
    public static async Task<WalkAnswer> ReadAnswerAsync(this HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        var status = (int)response.StatusCode;
        if (status < 400)
        {
            return new(status, null, [], body);
        }

        var json = JsonNode.Parse(body)!;
        return (json["issue"], json["data"]?["errors"]) switch
        {
            ({ } issues, _) => new(
                status, $"{issues[0]!["details"]!["coding"]![0]!["code"]}",
                [.. issues.AsArray().SelectMany(issue => issue!["location"]?.AsArray() ?? []).Select(place => $"{place}"["http.".Length..])], body),
            (_, { } errors) => new(status, $"{errors[0]!["code"]}", [.. errors.AsArray().Select(error => $"{error!["field"]}")], body),
            _ => new(status, (string?)(json["code"] ?? json["error"]), [.. (json["errors"]?.AsArray() ?? []).Select(error => $"{error!["field"]}")], body),
        };
    }
}

internal sealed record WalkAnswer(int Status, string? Code, IReadOnlyList<string> Fields, string Body);
