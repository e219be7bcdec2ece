using System.Net;

namespace AiPlatform.Services.Api.Tests.Clients;

public sealed class ClientRouteTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    [Theory]
    [InlineData("Maya Lindqvist", "Maya Lindqvist")]
    [InlineData("lindqvist maya", "Maya Lindqvist")]
    [InlineData("NYSTROM", "Oskar Nyström")]
    [InlineData("0a000000-0000-7000-8000-000000000302", "Tom Okafor")]
    [InlineData("maya", "Maya Castellanos", "Maya Lindqvist")]
    [InlineData("an", "Henry Tran", "Leila Farahani", "Maya Castellanos")]
    [InlineData("a", "Agnes Kowalczyk", "Beatriz Moura")]
    [InlineData("maya okafor")]
    [InlineData("%")]
    [InlineData("_")]
    public async Task Search_ByNameOrId_BestFirst(string query, params string[] names)
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);

        var answer = await owner.GetJsonAsync($"/api/v1/clients/search?query={Uri.EscapeDataString(query)}");

        Assert.Equal(names, answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!).Take(query == "a" ? 2 : 10));
    }

    [Fact]
    public async Task Search_OneClient_TellsWhoTreatsThemAndWhen()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var answer = await nora.GetJsonAsync("/api/v1/clients/search?query=lindqvist&limit=1");

        Assert.Equal(
            """{"items":[{"id":"0a000000-0000-7000-8000-000000000301","name":"Maya Lindqvist","status":"active","pronouns":"she/her","dateOfBirth":"1989-04-17","practitionerId":"0a000000-0000-7000-8000-000000000101","practitionerName":"Nora Berg","sessionCount":4,"lastSessionAt":"2026-11-10T09:00:00+00:00"}],"total":1}""",
            answer.GetRawText());
    }

    [Theory]
    [InlineData("indq", 1)]
    [InlineData("qvist may", 1)]
    [InlineData("maya lindqvistson", 0)]
    [InlineData("%", 0)]
    [InlineData("_indqvist", 0)]
    [InlineData("'", 0)]
    public async Task Search_PartsOfWords_FindsWhoHasThemAll(string query, int total)
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);

        var answer = await owner.GetJsonAsync($"/api/v1/clients/search?query={Uri.EscapeDataString(query)}");

        Assert.Equal(total, answer.GetProperty("total").GetInt32());
        Assert.Equal(
            Enumerable.Repeat("Maya Lindqvist", total), answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Search_FewerThanThereAre_SaysHowManyThereAre()
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);

        var all = await owner.GetJsonAsync("/api/v1/clients/search?query=a&limit=50");
        var one = await owner.GetJsonAsync("/api/v1/clients/search?query=a&limit=1");

        Assert.InRange(all.GetProperty("total").GetInt32(), 2, 50);
        Assert.Equal(all.GetProperty("total").GetInt32(), all.GetProperty("items").GetArrayLength());
        Assert.Equal(all.GetProperty("total").GetInt32(), one.GetProperty("total").GetInt32());
        Assert.Equal(
            all.GetProperty("items")[0].GetProperty("id").GetGuid(), Assert.Single(one.GetProperty("items").EnumerateArray()).GetProperty("id").GetGuid());
    }

    [Theory]
    [InlineData("/api/v1/clients/search")]
    [InlineData("/api/v1/clients/search?query=")]
    [InlineData("/api/v1/clients/search?query=tom&limit=0")]
    [InlineData("/api/v1/clients/search?query=tom&limit=51")]
    [InlineData("/api/v1/clients?limit=501")]
    public async Task Route_ParameterOutOfRange_BadRequest(string route)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        Assert.Equal(HttpStatusCode.BadRequest, (await nora.GetAsync(route)).StatusCode);
    }

    [Fact]
    public async Task List_PageByPage_EveryClientOnceByName()
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var names = new List<string>();
        string? cursor = null;

        do
        {
            var page = await owner.GetJsonAsync($"/api/v1/clients?limit=5{(cursor is null ? "" : $"&cursor={cursor}")}");
            names.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(
            [
                "Agnes Kowalczyk", "Beatriz Moura", "Callum Fraser", "Delphine Auclair", "Edwin Hale", "Henry Tran", "Jonah Whitlock",
                "Leila Farahani", "Maya Castellanos", "Maya Lindqvist", "Oskar Nyström", "Ruth Abernethy", "Samir Nasser", "Tom Okafor",
            ],
            names);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("!!!")]
    [InlineData("bm90IGEgY3Vyc29yIG9mIG91cnMgYnV0IGxvbmcgZW5vdWdo")]
    public async Task List_ForeignCursor_BadRequest(string cursor)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await nora.GetAsync($"/api/v1/clients?cursor={cursor}")).AssertProblemAsync(HttpStatusCode.BadRequest, "cursor.invalid");
    }

    [Fact]
    public async Task Summary_WithRecentSessions_NewestFirst()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var summary = await nora.GetJsonAsync($"/api/v1/clients/{ApiFactory.MayaLindqvist}/summary");

        Assert.Equal("Nora Berg", summary.GetProperty("practitioner").GetProperty("name").GetString());
        Assert.Equal(3, summary.GetProperty("goals").GetArrayLength());
        Assert.Equal(4, summary.GetProperty("sessionCount").GetInt32());
        Assert.Equal(
            ["Sunday evenings and asking for help", "After the summer: nights are longer", "Sleep diary and a later bedtime", "Intake: sleep and the new role"],
            summary.GetProperty("recentSessions").EnumerateArray().Select(session => session.GetProperty("title").GetString()!));
    }

    [Fact]
    public async Task Summary_WithoutRecentSessions_CountsThem()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var summary = await nora.GetJsonAsync($"/api/v1/clients/{ApiFactory.MayaLindqvist}/summary?includeRecentSessions=false");

        Assert.Equal((4, 0), (summary.GetProperty("sessionCount").GetInt32(), summary.GetProperty("recentSessions").GetArrayLength()));
    }

    [Fact]
    public async Task Get_OneClient_WithContactData()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var client = await nora.GetJsonAsync($"/api/v1/clients/{ApiFactory.TomOkafor}");

        Assert.Equal(
            ("Tom Okafor", "tom.okafor@mail.example", "Nora Berg"),
            (client.GetProperty("name").GetString(), client.GetProperty("email").GetString(), client.GetProperty("practitionerName").GetString()));
    }
}
