using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Identity;
using AiPlatform.Services.Api.Tests.OpenApi;

namespace AiPlatform.Services.Api.Tests.Contract;

/// <summary>
/// Every route of the table, asked by whoever may not: the exact status and code. That each row is answered to whoever may, and that no route is
/// without a row, is shown beside the table; that the document has every route, in OpenApiTests.
/// </summary>
public sealed class AccessWalkTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private static readonly string[] OfMaya =
    [
        IsolationTests.Maya, IsolationTests.MayasCare, IsolationTests.MayasSession, IsolationTests.MayasHomework, IsolationTests.MayasResult, IsolationTests.MayasReport,
    ];
    private static readonly string[] SignsOfMaya = [IsolationTests.Maya, "Lindqvist"];

    [Fact]
    public async Task EveryRoute_NoToken_Unauthorized()
    {
        using var nobody = factory.CreateClient();

        await WalkAsync(nobody, _ => (401, "auth.required"));
    }

    [Fact]
    public async Task EveryRoute_ExpiredToken_Unauthorized()
    {
        using var late = await factory.CreateWalkerAsync(
            UserRole.Owner, ApiFactory.PracticeA, new(IsolationTests.NoraUser), new(IsolationTests.NoraProfile), age: TimeSpan.FromHours(1));

        await WalkAsync(late, _ => (401, "auth.token_invalid"));
    }

    [Fact]
    public async Task EveryRoute_PractitionerWhoDoesNotTreatTheClient_KnowsNothingOfThem()
    {
        using var other = await factory.CreateOtherPractitionerAsync();

        await WalkAsync(other, row => row.Forbidden.Contains(UserRole.Practitioner) || row.ByProfile.Contains(UserRole.Practitioner) ? (403, row.ForbiddenCode) : ExpectedOfSomebodyElse(row, UserRole.Practitioner), mayNotSee: SignsOfMaya);
    }

    [Fact]
    public async Task EveryRoute_AnotherClient_KnowsNothingOfThem()
    {
        using var tom = await factory.CreateOtherClientAsync();

        await WalkAsync(tom, row => row.Forbidden.Contains(UserRole.Client) ? (403, row.ForbiddenCode) : ExpectedOfSomebodyElse(row, UserRole.Client), mayNotSee: SignsOfMaya);
    }

    [Theory]
    [InlineData("not-an-id", 400, "profile.invalid")]
    [InlineData(IsolationTests.HelenProfile, 403, "profile.forbidden")]
    public async Task EveryRoute_ProfileThatIsNotTheTokens_IsRefused(string profileId, int status, string code)
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        owner.DefaultRequestHeaders.Add(ProfileHeader.Name, profileId);

        await WalkAsync(owner, _ => (status, code));
    }

    [Fact]
    public async Task EveryRoute_IdOfAnotherKind_IsRefused()
    {
        var document = await ApiDocument.ReadAsync(factory.CreateClient());
        foreach (var row in IsolationTests.Table.Where(row => !row.CursorOfThing && row.Path.Contains("{thing}", StringComparison.Ordinal)))
        {
            using var asker = await factory.CreateAskerAsync(row);
            (int, string?)? expected = row.Pattern switch
            {
                // What does not fit its constraint is no path of ours; FHIR's ids are texts that may be nobody's.
                _ when row.Pattern.Contains(":guid}", StringComparison.Ordinal) => (404, "resource.not_found"),
                _ when row.Pattern.Contains("{id}", StringComparison.Ordinal) => (404, row.Code),
                _ when IsQueryId(document, row) => (400, "request.malformed"),
                _ => null,
            };
            if (expected is { } known)
            {
                var answer = await (await asker.SendAsync(row.ToRequest("not-an-id"))).ReadAnswerAsync();
                Assert.True(known == (answer.Status, answer.Code), $"{row.Method} {row.Path}: expected {known}, was {answer}");
            }
        }
    }

    private static (int Status, string? Code) ExpectedOfSomebodyElse(IsolationTests.Row row, UserRole role) => row switch
    {
        { Refused: { } refused } => ((int)refused(role).Status, refused(role).Code),
        { UnknownUser: { } code } => (404, code),
        { Code: { } code } when OfMaya.Contains(row.Thing) => (404, code),
        { Created: true } => (201, null),
        _ => (200, null),
    };

    private static async Task WalkAsync(HttpClient caller, Func<IsolationTests.Row, (int Status, string? Code)> expectedOf, params string[] mayNotSee)
    {
        var faults = new List<string>();
        foreach (var row in IsolationTests.Table)
        {
            var expected = expectedOf(row);
            var answer = await (await caller.SendAsync(row.ToRequest(row.Thing))).ReadAnswerAsync();
            if (expected != (answer.Status, answer.Code))
            {
                faults.Add($"{row.Method} {row.Path}: expected {expected}, was {answer}");
            }

            // FHIR's self link repeats what was asked.
            var body = row.TellsTheQuery ? answer.Body.Replace($"={row.Thing}\"", "=\"", StringComparison.Ordinal) : answer.Body;
            faults.AddRange(mayNotSee.Where(sign => body.Contains(sign, StringComparison.Ordinal)).Select(sign => $"{row.Method} {row.Path} tells {sign}: {body}"));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static bool IsQueryId(ApiDocument document, IsolationTests.Row row)
    {
        var name = row.Path.Split('?', '&').FirstOrDefault(part => part.EndsWith("={thing}", StringComparison.Ordinal))?.Split('=')[0];
        return document.OperationOf(row.Method, row.Pattern).Parameters.Any(parameter => $"{parameter["name"]}" == name && $"{parameter["schema"]!["format"]}" is "uuid");
    }
}
