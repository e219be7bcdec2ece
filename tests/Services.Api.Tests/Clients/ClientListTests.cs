using System.Net;
using AiPlatform.Services.Api.Tests.Homework;
using static AiPlatform.Services.Api.Tests.Clients.CareCalls;

namespace AiPlatform.Services.Api.Tests.Clients;

/// <summary>Filters and orders of the client list, page by page.</summary>
public sealed class ClientListTests(ClientListTests.Factory factory) : IClassFixture<ClientListTests.Factory>
{
    // By name, each with the end of the id; the sample's clients of Priya, two of whom began on one day, one of whom is not treated any more.
    private const string ByName = "310 313 314 311 312";

    [Theory]
    [InlineData("", ByName)]
    [InlineData("&sort=name", ByName)]
    [InlineData("&sort=newest", "314 313 312 311 310")]
    [InlineData("&includeInactive=true", "310 313 314 311 316 312")]
    [InlineData("&includeInactive=true&sort=newest", "314 313 316 312 311 310")]
    [InlineData("&status=inactive", "316")]
    [InlineData("&status=new", "314")]
    [InlineData("&status=active&sort=newest", "313 312 311 310")]
    [InlineData("&status=paused", "")]
    public async Task List_OfAPractitioner_EachOnceInOrderWhateverThePages(string query, string expected)
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        using var priya = await factory.CreateClientAsync("priya.raman@harbourlane.example", "demo-password-3");

        var answers = new List<string>();
        foreach (var limit in new[] { 1, 2, 500 })
        {
            answers.Add(EndsOf(await owner.ReadPagesAsync($"/api/v1/clients?practitionerId={Priya}&limit={limit}{query}")));
            answers.Add(EndsOf(await priya.ReadPagesAsync($"/api/v1/clients?limit={limit}{query}")));
        }

        Assert.Equal(Enumerable.Repeat(expected, 6), answers);
    }

    [Fact]
    public async Task List_OfAnotherPracticesPractitioner_Empty()
    {
        using var helen = await factory.CreateClientAsync(SamplePerson.Helen);

        Assert.Empty(await helen.ReadPagesAsync($"/api/v1/clients?practitionerId={Priya}&includeInactive=true&limit=100"));
    }

    [Fact]
    public async Task Search_ForSomebodyNotTreatedAnyMore_StillFindsThem()
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);

        var found = await owner.GetJsonAsync("/api/v1/clients/search?query=gone");

        Assert.Equal("316", EndsOf(found.GetProperty("items").EnumerateArray().Select(item => item.Id())));
    }

    [Theory]
    [InlineData("status=gone", "request.invalid")]
    [InlineData("sort=age", "request.invalid")]
    [InlineData("limit=0", "request.invalid")]
    [InlineData("limit=-1", "request.invalid")]
    [InlineData("limit=501", "request.invalid")]
    [InlineData("limit=99999999999", "request.malformed")]
    [InlineData("practitionerId=1", "request.malformed")]
    [InlineData("includeInactive=perhaps", "request.malformed")]
    [InlineData("sort=newest&cursor=x", "cursor.invalid")]
    [InlineData("sort=newest&cursor={name}", "cursor.invalid")]
    [InlineData("sort=name&cursor={newest}", "cursor.invalid")]
    public async Task List_ParameterOutOfRange_BadRequest(string query, string code)
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        foreach (var sort in new[] { "name", "newest" })
        {
            var cursor = (await owner.GetJsonAsync($"/api/v1/clients?limit=1&sort={sort}")).GetProperty("nextCursor").GetString();
            query = query.Replace($"{{{sort}}}", cursor, StringComparison.Ordinal);
        }

        await (await owner.GetAsync($"/api/v1/clients?{query}")).AssertProblemAsync(HttpStatusCode.BadRequest, code);
    }

    private static string EndsOf(IEnumerable<string> ids) => string.Join(' ', ids.Select(id => id[^3..]));

    public sealed class Factory : ApiFactory, IAsyncLifetime
    {
        async Task IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            await Audit.AuditCallers.ExecuteAsync(
                this,
                """
                insert into clients
                    (id, practice_id, practitioner_id, name, search_name, status, pronouns, date_of_birth, email, phone, started_at, presenting_concerns, goals, notes, created_at)
                select '0a000000-0000-7000-8000-000000000316', practice_id, practitioner_id, 'Mira Gone', 'mira gone', 'inactive', '', '1990-01-01', '', '', '2026-09-01', '', '[]', '', created_at
                from clients where id = '0a000000-0000-7000-8000-000000000312';
                insert into client_name_parts (practice_id, part, client_id)
                select practice_id, 'gone', id from clients where id = '0a000000-0000-7000-8000-000000000316';
                insert into care_relations (id, practice_id, client_id, practitioner_id, kind, started_on, created_at, version)
                select '0a000000-0000-7000-8000-000000000916', practice_id, id, practitioner_id, 'main', started_at, created_at, 1
                from clients where id = '0a000000-0000-7000-8000-000000000316'
                """);
        }
    }
}
