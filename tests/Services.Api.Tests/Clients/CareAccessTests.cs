using System.Net;
using System.Text;
using AiPlatform.Services.Api.Tests.Audit;
using AiPlatform.Services.Api.Tests.Fhir;
using AiPlatform.Services.Api.Tests.Homework;

namespace AiPlatform.Services.Api.Tests.Clients;

/// <summary>A practitioner sees whom they treat today, in every route and every count.</summary>
public sealed class CareAccessTests(CareFactory factory) : IClassFixture<CareFactory>
{
    private const string Maya = "0a000000-0000-7000-8000-000000000301";
    private const string MayasCare = "0a000000-0000-7000-8000-000000000901";
    private const string MayasSession = "0a000000-0000-7000-8000-000000040101";
    private const string MayasHomework = "0a000000-0000-7000-8000-000000000601";
    private const string MayasResult = "0a000000-0000-7000-8000-000000000701";

    public static TheoryData<string, string> Reads => new()
    {
        { $"/api/v1/clients/{Maya}", "client.not_found" },
        { $"/api/v1/clients/{Maya}/summary", "client.not_found" },
        { $"/api/v1/clients/{Maya}/care-relations", "client.not_found" },
        { $"/api/v1/care-relations/{MayasCare}", "care.not_found" },
        { $"/api/v1/clients/{Maya}/homework", "client.not_found" },
        { $"/api/v1/clients/{Maya}/mood", "client.not_found" },
        { $"/api/v1/sessions/{MayasSession}", "session.not_found" },
        { $"/api/v1/sessions/{MayasSession}?includeSegments=true", "session.not_found" },
        { $"/api/v1/homework/assignments/{MayasHomework}", "homework.not_found" },
        { $"/api/v1/homework/assignments/{MayasHomework}/results", "homework.not_found" },
        { $"/api/v1/homework/results/{MayasResult}", "homework.result_not_found" },
    };

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task Read_ByWhoTreatsTheClientAndByAColleague_AnsweredAndNotFound(string path, string code)
    {
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        using var daniel = await factory.CreateClientAsync(SamplePerson.Daniel);

        var own = await nora.GetAsync(path);
        var others = await daniel.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        await others.AssertProblemAsync(HttpStatusCode.NotFound, code);
    }

    [Theory]
    [InlineData($"Patient/{Maya}", "client.not_found")]
    [InlineData($"Encounter/{MayasSession}", "session.not_found")]
    public async Task FhirRead_ByWhoTreatsTheClientAndByAColleague_AnsweredAndNotFound(string path, string code)
    {
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        using var daniel = await factory.CreateClientAsync(SamplePerson.Daniel);

        var own = await nora.GetAsync($"/fhir/{path}");
        var others = await daniel.GetAsync($"/fhir/{path}");

        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        await others.AssertOutcomeAsync(HttpStatusCode.NotFound, $"error not-found {code}");
    }

    [Theory]
    [InlineData("PUT", $"/api/v1/clients/{Maya}", """{"name":"Maya Lindqvist","dateOfBirth":"1989-04-17"}""", HttpStatusCode.OK, "client.not_found")]
    [InlineData("POST", $"/api/v1/clients/{Maya}/homework", """{"title":"A walk"}""", HttpStatusCode.Created, "client.not_found")]
    [InlineData("PUT", $"/api/v1/homework/assignments/{MayasHomework}", """{"title":"A walk","status":"active"}""", HttpStatusCode.OK, "homework.not_found")]
    [InlineData("PUT", $"/api/v1/homework/results/{MayasResult}/feedback", """{"feedback":"Kept."}""", HttpStatusCode.OK, "homework.result_not_found")]
    public async Task Write_ByWhoTreatsTheClientAndByAColleague_DoneAndNotFound(
        string method, string path, string json, HttpStatusCode done, string code)
    {
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        using var daniel = await factory.CreateClientAsync(SamplePerson.Daniel);

        var others = await daniel.WriteAsync(new(method), path, json, HomeworkCalls.NewKey(), ifMatch: "*");
        var own = await nora.WriteAsync(new(method), path, json, HomeworkCalls.NewKey(), ifMatch: "*");

        await others.AssertProblemAsync(HttpStatusCode.NotFound, code);
        await own.ReadAsync(done);
    }

    [Fact]
    public async Task Import_ForAClientOfAColleague_NotFoundAndNothingStored()
    {
        using var daniel = await factory.CreateClientAsync(SamplePerson.Daniel);
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/sessions/import?clientId={Maya}&startedAt=2026-11-18T17:00:00Z&title=Foreign")
        {
            Content = new StringContent("speaker,time,text\nclient,1,x\n", Encoding.UTF8, "text/csv"),
        };
        request.Headers.Add("Idempotency-Key", HomeworkCalls.NewKey());

        await (await daniel.SendAsync(request)).AssertProblemAsync(HttpStatusCode.NotFound, "client.not_found");

        Assert.Equal(0, await factory.ReadAsync<int>("select count(*) from clinical_sessions where title = 'Foreign'"));
    }

    // Days from today; the relation goes on until before its end.
    [Theory]
    [InlineData(-30, null, true)]
    [InlineData(0, null, true)]
    [InlineData(1, null, false)]
    [InlineData(-30, 1, true)]
    [InlineData(-30, 0, false)]
    [InlineData(-30, -1, false)]
    [InlineData(0, 0, false)]
    public async Task Relation_OnItsDays_OpensTheClientAndTheirCounts(int started, int? ended, bool sees)
    {
        var profileId = Guid.CreateVersion7();
        await factory.TreatAsync(profileId, ApiFactory.MayaLindqvist, started, ended);
        using var practitioner = await factory.CreatePractitionerAsync(profileId);

        var read = await practitioner.GetAsync($"/api/v1/clients/{Maya}");
        var counts = await CountAsync(practitioner);

        Assert.Equal(sees ? HttpStatusCode.OK : HttpStatusCode.NotFound, read.StatusCode);
        Assert.Equal(sees ? (1, 1, 4, 4, 1, 1, 4) : default, counts);
    }

    [Fact]
    public async Task Relation_InAnotherPractice_OpensNobody()
    {
        var profileId = Guid.CreateVersion7();
        await factory.TreatAsync(profileId, ApiFactory.MayaLindqvist, practiceId: ApiFactory.PracticeB);
        await factory.TreatAsync(profileId, ApiFactory.TomOkafor);
        using var ofA = await factory.CreatePractitionerAsync(profileId);
        using var ofB = await factory.CreatePractitionerAsync(profileId, ApiFactory.PracticeB);

        var seen = await ofA.GetJsonAsync("/api/v1/clients");
        var refused = await ofA.GetAsync($"/api/v1/clients/{Maya}");
        var refusedInB = await ofB.GetAsync($"/api/v1/clients/{Maya}");

        Assert.Equal([$"{ApiFactory.TomOkafor}"], seen.GetProperty("items").EnumerateArray().Select(item => item.Id()));
        await refused.AssertProblemAsync(HttpStatusCode.NotFound, "client.not_found");
        await refusedInB.AssertProblemAsync(HttpStatusCode.NotFound, "client.not_found");
        Assert.Equal(default, await CountAsync(ofB));
    }

    [Fact]
    public async Task Practitioner_TokenWithoutProfile_SeesNobody()
    {
        using var practitioner = await factory.CreatePractitionerAsync(profileId: null);

        var read = await practitioner.GetAsync($"/api/v1/clients/{Maya}");

        await read.AssertProblemAsync(HttpStatusCode.NotFound, "client.not_found");
        Assert.Equal(default, await CountAsync(practitioner));
    }

    // It is noon in UTC: already the second of December in Auckland, still the first in London and Honolulu.
    [Theory]
    [InlineData("Pacific/Auckland", true)]
    [InlineData("Europe/London", false)]
    [InlineData("Pacific/Honolulu", false)]
    [InlineData("Nowhere/Unknown", false)]
    public async Task Relation_StartsTomorrowInUtc_OpensOnTheDayOfThePractice(string timeZone, bool sees)
    {
        var (practiceId, clientId, profileId) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await factory.ExecuteAsync(
            """
            insert into practices (id, name, owner_name, email, phone, time_zone, created_at)
            values (@practiceId, 'Far away', '', '', '', @timeZone, utc_timestamp(6));
            insert into clients
                (id, practice_id, practitioner_id, name, search_name, status, pronouns, date_of_birth, email, phone, started_at, presenting_concerns, goals, notes, created_at)
            values (@clientId, @practiceId, @profileId, 'Ana', 'ana', 'active', '', '1990-01-01', '', '', '2026-01-01', '', '[]', '', utc_timestamp(6))
            """,
            new { practiceId, clientId, profileId, timeZone });
        await factory.TreatAsync(profileId, clientId, started: 1, practiceId: practiceId);
        using var practitioner = await factory.CreatePractitionerAsync(profileId, practiceId);

        var read = await practitioner.GetAsync($"/api/v1/clients/{clientId}");

        Assert.Equal(sees ? HttpStatusCode.OK : HttpStatusCode.NotFound, read.StatusCode);
    }

    [Fact]
    public async Task Lists_PageByPage_OnlyWhomTheyTreatEachOnce()
    {
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        string[] treated = [Maya, $"{ApiFactory.TomOkafor}", "0a000000-0000-7000-8000-000000000303", "0a000000-0000-7000-8000-000000000304"];

        var listed = await nora.ReadPagesAsync("/api/v1/clients?limit=1");
        var patients = new List<string>();
        var encounters = new HashSet<string>();
        for (var next = "/fhir/Patient?_count=1"; next is not null;)
        {
            var page = await nora.GetJsonAsync(next);
            patients.AddRange(page.Ids());
            next = page.Link("next");
        }

        for (var next = "/fhir/Encounter?_count=4"; next is not null;)
        {
            var page = await nora.GetJsonAsync(next);
            encounters.UnionWith(page.GetProperty("entry").EnumerateArray()
                .Select(entry => entry.GetProperty("resource").GetProperty("subject").GetProperty("reference").GetString()!));
            next = page.Link("next");
        }

        Assert.Equal(treated.Order(), listed.Order());
        Assert.Equal(treated.Order(), patients.Order());
        Assert.Equal(treated.Select(id => $"Patient/{id}").Order(), encounters.Order());
    }

    [Fact]
    public async Task Search_ForSomebodyElsesClient_FindsAndCountsNothing()
    {
        using var daniel = await factory.CreateClientAsync(SamplePerson.Daniel);

        var totals = new List<int>();
        foreach (var path in new[]
        {
            $"/api/v1/clients/search?query={Maya}", "/api/v1/clients/search?query=lindqvist", $"/api/v1/sessions/search?clientId={Maya}",
            "/api/v1/sessions/search?clientName=lindqvist", "/api/v1/sessions/search?keywords=zopiclone", $"/fhir/Patient?_id={Maya}",
            $"/fhir/Patient?_id={Maya}&_count=0", $"/fhir/Encounter?_id={MayasSession}", $"/fhir/Encounter?patient={Maya}&_count=0",
        })
        {
            totals.Add((await daniel.GetJsonAsync(path)).GetProperty("total").GetInt32());
        }

        Assert.Equal(Enumerable.Repeat(0, 9), totals);
    }

    private static async Task<(int Listed, int Found, int Sessions, int Mentioned, int Patients, int CountedPatients, int Encounters)> CountAsync(HttpClient client)
    {
        var listed = (await client.GetJsonAsync("/api/v1/clients")).GetProperty("items").GetArrayLength();
        return (
            listed, await TotalAsync("/api/v1/clients/search?query=a"), await TotalAsync("/api/v1/sessions/search?limit=1"),
            await TotalAsync("/api/v1/sessions/search?limit=1&keywords=sleep"), await TotalAsync("/fhir/Patient"), await TotalAsync("/fhir/Patient?_count=0"),
            await TotalAsync("/fhir/Encounter?_count=0"));

        async Task<int> TotalAsync(string path) => (await client.GetJsonAsync(path)).GetProperty("total").GetInt32();
    }
}
