using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Identity;
using AiPlatform.Services.Api.Tests.Homework;
using Microsoft.Extensions.DependencyInjection;
using static AiPlatform.Services.Api.Tests.Homework.HomeworkCalls;

namespace AiPlatform.Services.Api.Tests.Mood;

/// <summary>Each test has a client of its own.</summary>
public sealed class MoodTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string Mine = "/api/v1/me/mood";

    // Once, so that midnight may come during a test.
    private readonly DateTime _today = DateTime.UtcNow.Date;

    [Fact]
    public async Task Record_Entry_ReadByTheClientAndThePractice()
    {
        var (client, nora) = (await SignInAsync(303), await factory.CreateClientAsync(SamplePerson.Nora));

        var recorded = await (await client.WriteAsync(
            HttpMethod.Post, Mine, $$"""{"mood":" low '; -- <b>","scale":3,"note":"Rain.","recordedAt":"{{Ago(1)}}"}""", NewKey())).ReadAsync(HttpStatusCode.Created);
        var own = await client.GetJsonAsync(Mine);
        var seen = await nora.GetJsonAsync("/api/v1/clients/0a000000-0000-7000-8000-000000000303/mood");

        Assert.Equal(
            $$"""{"id":"{{recorded.Id()}}","mood":"low '; -- <b>","scale":3,"note":"Rain.","recordedAt":"{{Ago(1)[..^1]}}+00:00"}""",
            recorded.GetRawText(),
            SameJson.Comparer);
        Assert.Equal(
            $$"""
            {"days":14,"trend":{"direction":"unknown","changePerWeek":null,"average":3,"lowest":3,"highest":3,"count":1},
             "items":[{{recorded.GetRawText()}}]}
            """,
            own.GetRawText(),
            SameJson.Comparer);
        Assert.Equal(own.GetRawText(), seen.GetRawText());
    }

    [Fact]
    public async Task Record_TwelveTwins_MakeOneRow()
    {
        var client = await SignInAsync(304);
        var key = NewKey();

        var responses = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ =>
            Task.Run(() => client.WriteAsync(HttpMethod.Post, Mine, """{"mood":"calm","scale":7}""", key))));

        Assert.Equal(
            [HttpStatusCode.Created, .. Enumerable.Repeat(HttpStatusCode.OK, 11)],
            responses.Select(response => response.StatusCode).OrderDescending());
        Assert.Single(await client.ReadPagesAsync($"{Mine}?limit=200"));
        await (await client.WriteAsync(HttpMethod.Post, Mine, """{"mood":"calm","scale":8}""", key)).AssertProblemAsync(HttpStatusCode.Conflict, "idempotency.key_reused");
    }

    [Theory]
    [InlineData(305, "3 4 5 6", "rising", 7.0, 4.5, 3, 6)]
    [InlineData(306, "6 6 5 4", "falling", -4.9, 5.25, 4, 6)]
    [InlineData(307, "5 6 6 5", "steady", 0.0, 5.5, 5, 6)]
    [InlineData(308, "2 9", "unknown", null, 5.5, 2, 9)]
    public async Task Trend_OneEntryADay_IsTheLineThroughThem(int client, string scales, string direction, double? perWeek, double average, int lowest, int highest)
    {
        using var person = await SignInAsync(client);
        var days = scales.Split(' ');
        for (var index = 0; index < days.Length; index++)
        {
            await RecordAsync(person, int.Parse(days[index], CultureInfo.InvariantCulture), days.Length - index);
        }

        // Outside of the days asked for.
        await RecordAsync(person, 10, 30);
        var profile = await person.GetJsonAsync(Mine);

        var trend = profile.GetProperty("trend");
        var changePerWeek = trend.GetProperty("changePerWeek");
        Assert.Equal(
            (direction, perWeek, average, lowest, highest, days.Length),
            (trend.GetProperty("direction").GetString(), changePerWeek.ValueKind is System.Text.Json.JsonValueKind.Null ? null : changePerWeek.GetDouble(),
                trend.GetProperty("average").GetDouble(), trend.GetProperty("lowest").GetInt32(), trend.GetProperty("highest").GetInt32(),
                trend.GetProperty("count").GetInt32()));
        Assert.Equal(days.Length + 1, (await person.GetJsonAsync($"{Mine}?days=40")).GetProperty("trend").GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Read_PageByPage_NewestFirstAndTheTrendOfAll()
    {
        using var person = await SignInAsync(309);
        var entries = new List<(int DaysAgo, string Id)>();

        // The same time twice: the id decides.
        foreach (var daysAgo in new[] { 5, 4, 4, 4, 2 })
        {
            entries.Add((daysAgo, await RecordAsync(person, 5, daysAgo)));
        }

        Assert.Equal(
            entries.OrderBy(entry => entry.DaysAgo).ThenByDescending(entry => entry.Id, StringComparer.Ordinal).Select(entry => entry.Id),
            await person.ReadPagesAsync($"{Mine}?limit=2"));
        Assert.Equal(5, (await person.GetJsonAsync($"{Mine}?limit=1")).GetProperty("trend").GetProperty("count").GetInt32());
    }

    [Theory]
    [InlineData("""{"scale":5}""", "mood.invalid", "mood")]
    [InlineData("""{"mood":"x"}""", "mood.invalid", "scale")]
    [InlineData("""{"mood":"x","scale":0}""", "mood.invalid", "scale")]
    [InlineData("""{"mood":"x","scale":11}""", "mood.invalid", "scale")]
    [InlineData("""{"mood":"x","scale":5,"recordedAt":"2099-01-01T00:00:00Z"}""", "mood.invalid", "recordedAt")]
    [InlineData("""{"mood":"x","scale":5,"recordedAt":"0001-01-01T00:00:00Z"}""", "mood.invalid", "recordedAt")]
    [InlineData("""{"mood":"x","scale":5.5}""", "request.member_invalid", "scale")]
    [InlineData("""{"mood":"x","scale":5,"recordedAt":"0001-01-01T00:00:00+14:00"}""", "request.member_invalid", "recordedAt")]
    [InlineData("""{"mood":"x","scale":5,"clientId":"0a000000-0000-7000-8000-000000000302"}""", "request.member_invalid", "clientId")]
    public async Task Record_FaultyBody_TellsTheFieldAndStoresNothing(string json, string code, string field)
    {
        using var person = await SignInAsync(310);

        var problem = await (await person.WriteAsync(HttpMethod.Post, Mine, json, NewKey())).ReadAsync(HttpStatusCode.BadRequest);

        Assert.Equal((code, field), (problem.GetProperty("code").GetString(), problem.GetProperty("errors")[0].GetProperty("field").GetString()));
        Assert.Empty(await person.ReadPagesAsync($"{Mine}?limit=200"));
    }

    [Theory]
    [InlineData("days=0")]
    [InlineData("days=367")]
    [InlineData("limit=201")]
    [InlineData("cursor=x")]
    public async Task Read_ParameterOutOfRange_BadRequest(string query)
    {
        using var person = await SignInAsync(310);

        Assert.Equal(HttpStatusCode.BadRequest, (await person.GetAsync($"{Mine}?{query}")).StatusCode);
    }

    [Fact]
    public async Task Mood_OfSomebodyElse_IsNobodysBusiness()
    {
        using var person = await SignInAsync(311);
        var (nora, reception) = (await factory.CreateClientAsync(SamplePerson.Nora), await factory.CreateClientAsync(SamplePerson.ReceptionA));
        var ofMaya = $"/api/v1/clients/{ApiFactory.MayaLindqvist}/mood";

        await (await person.GetAsync(ofMaya)).AssertProblemAsync(HttpStatusCode.NotFound, "client.not_found");
        await (await reception.GetAsync(ofMaya)).AssertProblemAsync(HttpStatusCode.Forbidden, "mood.forbidden");
        await (await nora.GetAsync(Mine)).AssertProblemAsync(HttpStatusCode.Forbidden, "mood.clients_only");
        await (await nora.WriteAsync(HttpMethod.Post, Mine, """{"mood":"x","scale":5}""", NewKey())).AssertProblemAsync(HttpStatusCode.Forbidden, "mood.clients_only");
    }

    private async Task<string> RecordAsync(HttpClient person, int scale, int daysAgo) =>
        (await (await person.WriteAsync(
            HttpMethod.Post, Mine, $$"""{"mood":"x","scale":{{scale}},"recordedAt":"{{Ago(daysAgo)}}"}""", NewKey())).ReadAsync(HttpStatusCode.Created)).Id();

    // Whole days before noon, so that a line through them is a round one; today's noon may not have been yet.
    private string Ago(int days) => _today.AddHours(12).AddDays(-days).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private async Task<HttpClient> SignInAsync(int client)
    {
        var id = Guid.Parse(string.Create(CultureInfo.InvariantCulture, $"0a000000-0000-7000-8000-000000000{client}"));
        var token = await factory.Services.GetRequiredService<TokenIssuer>().IssueAccessTokenAsync(
            new User(Guid.CreateVersion7(), ApiFactory.PracticeA, "someone@mail.example", UserRole.Client, "Someone", ProfileId: null, id, CustomerId: null),
            Guid.CreateVersion7(),
            CancellationToken.None);
        var person = factory.CreateClient();
        person.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        return person;
    }
}
