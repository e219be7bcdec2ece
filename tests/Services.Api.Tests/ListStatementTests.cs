using System.Net;
using AiPlatform.Services.Api.Tests.Homework;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Api.Tests;

/// <summary>A page of many rows costs the statements of a page of one. A list that is added gets its line here.</summary>
public sealed class ListStatementTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    public static TheoryData<SamplePerson, string> Lists => new()
    {
        { SamplePerson.OwnerA, "/api/v1/clients?limit={limit}" },
        { SamplePerson.OwnerA, "/api/v1/clients?sort=newest&includeInactive=true&limit={limit}" },
        { SamplePerson.Nora, "/api/v1/clients?limit={limit}" },
        { SamplePerson.OwnerA, "/api/v1/clients/search?query=a&limit={limit}" },
        { SamplePerson.OwnerA, "/api/v1/clients/search?query=a&detail=full&limit={limit}" },
        { SamplePerson.OwnerA, $"/api/v1/clients/{ApiFactory.MayaLindqvist}/care-relations?limit={{limit}}" },
        { SamplePerson.OwnerA, "/api/v1/sessions?limit={limit}" },
        { SamplePerson.Nora, "/api/v1/sessions?limit={limit}&hasTranscript=true&status=held&sort=oldest" },
        { SamplePerson.OwnerA, "/api/v1/sessions/search?limit={limit}" },
        { SamplePerson.Nora, "/api/v1/sessions/search?limit={limit}" },
        { SamplePerson.OwnerA, "/api/v1/practitioners?role=practitioner&limit={limit}" },
        { SamplePerson.OwnerA, "/api/v1/reports?limit={limit}" },
        { SamplePerson.OwnerA, "/api/v1/violations?limit={limit}" },
        { SamplePerson.OwnerA, "/fhir/Patient?_count={limit}" },
        { SamplePerson.OwnerA, "/fhir/Practitioner?_count={limit}" },
        { SamplePerson.OwnerA, "/fhir/Encounter?_count={limit}" },
        { SamplePerson.OwnerA, "/api/v1/audit/events?limit={limit}" },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task List_OfMany_TakesTheStatementsOfOne(SamplePerson person, string path)
    {
        using var caller = await factory.CreateClientAsync(person);

        await AssertStatementsOfOneAsync(caller, path);
    }

    [Fact]
    public async Task HomeworkLists_OfMany_TakeTheStatementsOfOne()
    {
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        using var maya = await factory.CreateClientAsync(SamplePerson.MayaLindqvist);
        var assignment = (await nora.AssignAsync("""{"title":"Twice","submissionsWanted":2}""")).Id();
        await nora.AssignAsync("""{"title":"Once"}""");
        await (await maya.SubmitAsync(assignment, "{}")).ReadAsync(HttpStatusCode.Created);
        await (await maya.SubmitAsync(assignment, "{}")).ReadAsync(HttpStatusCode.Created);

        await AssertStatementsOfOneAsync(nora, $"{HomeworkCalls.OfMaya}?limit={{limit}}");
        await AssertStatementsOfOneAsync(nora, $"/api/v1/homework/assignments/{assignment}/results?limit={{limit}}");
    }

    // Of the last days, so they are of today.
    [Fact]
    public async Task MoodList_OfMany_TakesTheStatementsOfOne()
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        using var maya = await factory.CreateClientAsync(SamplePerson.MayaLindqvist);
        for (var scale = 5; scale < 7; scale++)
        {
            await (await maya.WriteAsync(
                HttpMethod.Post, "/api/v1/me/mood", $$"""{"mood":"calm","scale":{{scale}}}""", HomeworkCalls.NewKey())).ReadAsync(HttpStatusCode.Created);
        }

        await AssertStatementsOfOneAsync(owner, $"/api/v1/clients/{ApiFactory.MayaLindqvist}/mood?limit={{limit}}");
    }

    [Fact]
    public async Task Statements_OfOneRequest_AreCountedEachAndNobodyElses()
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        using var other = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var beside = Task.WhenAll(Enumerable.Range(0, 20).Select(_ => other.GetAsync("/api/v1/clients")));

        var (statements, _) = await SqlStatements.OfAsync(owner, "/api/v1/sessions/search?limit=5");
        await beside;

        Assert.Equal(["select clinical_sessions", "select clinical_sessions"], statements);
    }

    private static async Task AssertStatementsOfOneAsync(HttpClient caller, string path)
    {
        // The first call may ask for what is kept afterwards.
        await ReadAsync(caller, path, 1);
        var one = await ReadAsync(caller, path, 1);
        var many = await ReadAsync(caller, path, 20);

        Assert.NotEmpty(one.Statements);
        Assert.Equal(1, one.Rows);
        Assert.InRange(many.Rows, 2, 20);
        Assert.Equal(one.Statements, many.Statements);
    }

    private static async Task<(IReadOnlyList<string> Statements, int Rows)> ReadAsync(HttpClient client, string path, int limit)
    {
        var (statements, response) = await SqlStatements.OfAsync(client, path.Replace("{limit}", $"{limit}", StringComparison.Ordinal));
        var answer = await response.ReadAsync(HttpStatusCode.OK);
        return (statements, answer.GetProperty(answer.TryGetProperty("entry", out _) ? "entry" : "items").GetArrayLength());
    }
}
