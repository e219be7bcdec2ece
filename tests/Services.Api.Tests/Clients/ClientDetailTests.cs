using System.Net;
using AiPlatform.Services.Api.Tests.Audit;
using static AiPlatform.Services.Api.Tests.Clients.CareCalls;

namespace AiPlatform.Services.Api.Tests.Clients;

/// <summary>What a search tells when it is asked for everything. Today is the first of December 2026.</summary>
public sealed class ClientDetailTests(ClientDetailTests.Factory factory) : IClassFixture<ClientDetailTests.Factory>
{
    private const string Tom =
        $$"""
        "id":"0a000000-0000-7000-8000-000000000302","name":"Tom Okafor","status":"active","pronouns":"he/him","dateOfBirth":"1981-12-02",
        "practitionerId":"{{Nora}}","practitionerName":"Nora Berg","sessionCount":4,"lastSessionAt":"2026-11-04T17:00:00+00:00"
        """;

    private const string Demographics =
        """
        "demographics":{"age":44,"dateOfBirth":"1981-12-02","pronouns":"he/him","email":"tom.okafor@mail.example","phone":"+44 7700 900302","startedAt":"2026-05-20"}
        """;

    private const string Assignments = """
        "assignments":{"total":5,"active":2,"completed":1,"expired":1,"cancelled":1,"submissions":4}
        """;

    private const string Activity =
        """
        "recentActivity":{"lastActivityAt":"2026-11-30T09:00:00+00:00","lastSessionAt":"2026-11-04T17:00:00+00:00","lastAssignedAt":"2026-11-05T08:00:00+00:00",
          "lastSubmittedAt":"2026-11-29T07:00:00+00:00","lastMoodAt":"2026-11-30T09:00:00+00:00"}
        """;

    private const string ActivityWithoutMoods =
        """
        "recentActivity":{"lastActivityAt":"2026-11-29T07:00:00+00:00","lastSessionAt":"2026-11-04T17:00:00+00:00","lastAssignedAt":"2026-11-05T08:00:00+00:00",
          "lastSubmittedAt":"2026-11-29T07:00:00+00:00","lastMoodAt":null}
        """;

    [Theory]
    [InlineData(SamplePerson.Nora, "", $"{Tom}")]
    [InlineData(SamplePerson.Nora, "&detail=basic&includeDemographics=true", $"{Tom}")]
    [InlineData(SamplePerson.Nora, "&detail=full", $"{Tom},{Demographics},{Assignments},{Activity}")]
    [InlineData(SamplePerson.Nora, "&detail=full&includeDemographics=false", $"{Tom},{Assignments},{Activity}")]
    [InlineData(SamplePerson.Nora, "&detail=full&includeAssignments=false", $"{Tom},{Demographics},{Activity}")]
    [InlineData(SamplePerson.ReceptionA, "&detail=full", $"{Tom},{Demographics},{Assignments},{ActivityWithoutMoods}")]
    public async Task Search_OneClient_TellsWhatWasAskedFor(SamplePerson person, string query, string expected)
    {
        using var caller = await factory.CreateClientAsync(person);

        var answer = await caller.GetJsonAsync($"/api/v1/clients/search?query=okafor{query}");

        Assert.Equal($$"""{"items":[{ {{expected}} }],"total":1}""", answer.GetRawText(), SameJson.Comparer);
    }

    [Fact]
    public async Task Search_SeveralClients_EachWithTheirOwnFigures()
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);

        var answer = await owner.GetJsonAsync("/api/v1/clients/search?query=o&detail=full&limit=50");

        var figures = answer.GetProperty("items").EnumerateArray().ToDictionary(
            item => item.GetProperty("name").GetString()!, item => item.GetProperty("assignments").GetProperty("total").GetInt32());
        Assert.Equal((5, 0, answer.GetProperty("total").GetInt32()), (figures["Tom Okafor"], figures["Jonah Whitlock"] + figures["Oskar Nyström"], figures.Count));
    }

    [Fact]
    public async Task Search_UnknownDetail_BadRequest()
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);

        await (await owner.GetAsync("/api/v1/clients/search?query=o&detail=all")).AssertProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
    }

    public sealed class Factory : ApiFactory, IAsyncLifetime
    {
        protected override TimeProvider Time { get; } = new CareFactory.StillTime(new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero));

        async Task IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            await this.ExecuteAsync(
                """
                update clients set date_of_birth = '1981-12-02', phone = '+44 7700 900302' where name = 'Tom Okafor';
                insert into homework_assignments
                    (id, practice_id, client_id, practitioner_id, title, instructions, questions, status, submissions_wanted, submission_count, assigned_at, due_at, completed_at, version)
                select given.id, c.practice_id, c.id, c.practitioner_id, 'x', '', '[]', given.status, 3, given.submitted, given.assigned_at, given.due_at, null, 1
                from clients c
                join (
                    select '0a000000-0000-7000-8000-000000009001' as id, 'active' as status, 1 as submitted, '2026-11-01 08:00:00' as assigned_at, null as due_at
                    union all select '0a000000-0000-7000-8000-000000009002', 'active', 0, '2026-11-02 08:00:00', '2026-12-01 12:00:01'
                    union all select '0a000000-0000-7000-8000-000000009003', 'active', 0, '2026-11-03 08:00:00', '2026-12-01 12:00:00'
                    union all select '0a000000-0000-7000-8000-000000009004', 'completed', 3, '2026-11-04 08:00:00', '2026-11-20 08:00:00'
                    union all select '0a000000-0000-7000-8000-000000009005', 'cancelled', 0, '2026-11-05 08:00:00', null) as given
                where c.name = 'Tom Okafor';
                insert into homework_results (id, practice_id, assignment_id, client_id, answers, submitted_at, version)
                select given.id, a.practice_id, a.id, a.client_id, '[]', given.submitted_at, 1
                from homework_assignments a
                join (
                    select '0a000000-0000-7000-8000-000000009101' as id, '0a000000-0000-7000-8000-000000009001' as assignment_id, '2026-11-29 07:00:00' as submitted_at
                    union all select '0a000000-0000-7000-8000-000000009102', '0a000000-0000-7000-8000-000000009004', '2026-11-10 07:00:00'
                    union all select '0a000000-0000-7000-8000-000000009103', '0a000000-0000-7000-8000-000000009004', '2026-11-11 07:00:00'
                    union all select '0a000000-0000-7000-8000-000000009104', '0a000000-0000-7000-8000-000000009004', '2026-11-12 07:00:00') as given
                    on given.assignment_id = a.id;
                insert into mood_entries (id, practice_id, client_id, mood, scale, recorded_at, created_at)
                select '0a000000-0000-7000-8000-000000009201', practice_id, id, 'calm', 7, '2026-11-30 09:00:00', '2026-11-30 09:00:00' from clients where name = 'Tom Okafor';
                insert into mood_entries (id, practice_id, client_id, mood, scale, recorded_at, created_at)
                select '0a000000-0000-7000-8000-000000009202', practice_id, id, 'low', 3, '2026-11-28 09:00:00', '2026-11-30 10:00:00' from clients where name = 'Tom Okafor'
                """);
        }
    }
}
