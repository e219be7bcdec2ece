using System.Net;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Tests.Audit;
using AiPlatform.Services.Api.Tests.Practices;
using AiPlatform.Tests.Common;
using static AiPlatform.Services.Api.Tests.Homework.HomeworkCalls;

namespace AiPlatform.Services.Api.Tests.Reports;

public sealed class ReportTests(ClockedFactory factory) : IClassFixture<ClockedFactory>
{
    private const string Reports = "/api/v1/reports";

    [Fact]
    public async Task SessionSummary_OfTheDaysAskedFor_EverySessionWithItsSource()
    {
        var (practice, nora, ann) = await CreateAsync();
        await practice.AddSessionAsync(ann, nora, "2026-03-01T00:00:00Z", title: "Before \"March\"", seconds: 45);
        var held = await practice.AddSessionAsync(ann, nora, "2026-03-29T09:00:00Z", title: "First '; drop table reports; --");
        var planned = await practice.AddSessionAsync(ann, nora, "2026-03-31T22:59:00Z", "planned", "Review", 1800);
        await practice.AddSessionAsync(ann, nora, "2026-03-31T23:00:00Z");
        await practice.AddSessionAsync(await practice.AddClientAsync(nora, "Bob"), nora, "2026-03-30T09:00:00Z");
        using var person = await practice.SignInAsync(UserRole.Practitioner, nora);

        var response = await person.WriteAsync(HttpMethod.Post, Reports, Json("session_summary", ann, "2026-03-02", "2026-03-31"), NewKey());
        var report = await response.ReadAsync(HttpStatusCode.Created);

        Assert.Equal($"{Reports}/{report.Id()}", response.Headers.Location!.OriginalString);
        Assert.Equal(
            $$"""
            {"id":"{{report.Id()}}","reportType":"session_summary","clientId":"{{ann}}","dateRange":{"from":"2026-03-02","to":"2026-03-31"},
             "timeZone":"Europe/London","title":"Session summary: Ann, 2 March 2026 to 31 March 2026",
             "figures":[{"name":"sessionsHeld","value":1,"unit":"sessions"},{"name":"sessionsPlanned","value":1,"unit":"sessions"},
                        {"name":"sessionsCancelled","value":0,"unit":"sessions"},{"name":"timeHeld","value":50,"unit":"minutes"}],
             "sections":[{"heading":"Sessions","statements":[
                {"text":"29 March 2026, 10:00: \"First '; drop table reports; --\", held, 50 minutes, with Nora.","sources":[{"type":"session","id":"{{held}}"}]},
                {"text":"31 March 2026, 23:59: \"Review\", planned, 30 minutes, with Nora.","sources":[{"type":"session","id":"{{planned}}"}]}]}],
             "createdBy":{{report.GetProperty("createdBy").GetRawText()}},"createdAt":"2026-11-20T12:00:00+00:00"}
            """,
            report.GetRawText(),
            SameJson.Comparer);
        Assert.Equal(report.GetRawText(), (await person.GetJsonAsync($"{Reports}/{report.Id()}")).GetRawText());
    }

    [Fact]
    public async Task TreatmentProgress_FromAimsSessionsHomeworkAndMood_EachStatementWithItsSources()
    {
        var (practice, nora, ann) = await CreateAsync(goals: """["Sleep through","Say no"]""");
        var first = await practice.AddSessionAsync(ann, nora, "2026-03-03T09:00:00Z");
        var second = await practice.AddSessionAsync(ann, nora, "2026-03-10T09:00:00Z");
        var cancelled = await practice.AddSessionAsync(ann, nora, "2026-03-17T09:00:00Z", "cancelled");
        await practice.AddHomeworkAsync(ann, nora, "2026-02-01T09:00:00Z", "Too early");
        var diary = await practice.AddHomeworkAsync(ann, nora, "2026-03-03T10:00:00Z", "Sleep diary", "completed", wanted: 2, submitted: 2);
        var walk = await practice.AddHomeworkAsync(ann, nora, "2026-03-10T10:00:00Z", "Walk");
        var worse = await practice.AddResultAsync(diary, ann, "2026-03-04T10:00:00Z", score: 12);
        await practice.AddResultAsync(diary, ann, "2026-03-05T10:00:00Z");
        var low = await practice.AddMoodAsync(ann, "2026-03-02T10:00:00Z", 3, "low, but up");
        var better = await practice.AddMoodAsync(ann, "2026-03-20T10:00:00Z", 6, "better");
        await practice.AddMoodAsync(ann, "2026-04-01T10:00:00Z", 10);
        using var person = await practice.SignInAsync(UserRole.Practitioner, nora);

        var report = await CreateAsync(person, "treatment_progress", ann);

        Assert.Equal(
            $$"""
            [{"name":"sessionsHeld","value":2,"unit":"sessions"},{"name":"sessionsCancelled","value":1,"unit":"sessions"},
             {"name":"homeworkGiven","value":2,"unit":"assignments"},{"name":"homeworkCompleted","value":1,"unit":"assignments"},
             {"name":"homeworkSubmitted","value":2,"unit":"submissions"},{"name":"moodAverage","value":4.5,"unit":"points"},
             {"name":"moodFirst","value":3,"unit":"points"},{"name":"moodLast","value":6,"unit":"points"}]
            """,
            report.GetProperty("figures").GetRawText(),
            SameJson.Comparer);
        Assert.Equal(
            $$"""
            [{"heading":"Aims","statements":[
                {"text":"Presenting concerns: Sleep","sources":[{"type":"client","id":"{{ann}}"}]},
                {"text":"Goal: Sleep through","sources":[{"type":"client","id":"{{ann}}"}]},
                {"text":"Goal: Say no","sources":[{"type":"client","id":"{{ann}}"}]}]},
             {"heading":"Attendance","statements":[
                {"text":"2 sessions were held, the first on 3 March 2026, the last on 10 March 2026.",
                 "sources":[{"type":"session","id":"{{first}}"},{"type":"session","id":"{{second}}"}]},
                {"text":"1 session was cancelled.","sources":[{"type":"session","id":"{{cancelled}}"}]}]},
             {"heading":"Homework","statements":[
                {"text":"\"Sleep diary\" was given on 3 March 2026 and is completed, 2 submissions of 2.","sources":[{"type":"homework","id":"{{diary}}"}]},
                {"text":"\"Walk\" was given on 10 March 2026 and is active, 0 submissions of 1.","sources":[{"type":"homework","id":"{{walk}}"}]},
                {"text":"\"Sleep diary\" scored 12 of 20 on 4 March 2026.",
                 "sources":[{"type":"homework_result","id":"{{worse}}"},{"type":"homework","id":"{{diary}}"}]}]},
             {"heading":"Mood","statements":[
                {"text":"2 entries, 4.5 on average, 3 at the lowest and 6 at the highest, on a scale from 1 to 10.",
                 "sources":[{"type":"mood","id":"{{low}}"},{"type":"mood","id":"{{better}}"}]},
                {"text":"First entry, 2 March 2026: \"low, but up\", 3.","sources":[{"type":"mood","id":"{{low}}"}]},
                {"text":"Last entry, 20 March 2026: \"better\", 6.","sources":[{"type":"mood","id":"{{better}}"}]}]}]
            """,
            report.GetProperty("sections").GetRawText(),
            SameJson.Comparer);
    }

    [Theory]
    [InlineData(UserRole.Owner)]
    [InlineData(UserRole.Admin)]
    [InlineData(UserRole.Reception)]
    public async Task BillingSummary_HeldSessionsAtTheirFees_WithoutTheirTitles(UserRole role)
    {
        var (practice, nora, ann) = await CreateAsync();
        var daniel = await practice.AddPractitionerAsync("Daniel", fee: 8500);
        var first = await practice.AddSessionAsync(ann, nora, "2026-03-03T09:00:00Z", title: "Secret");
        var second = await practice.AddSessionAsync(ann, daniel, "2026-03-10T09:00:00Z", title: "Secret");
        await practice.AddSessionAsync(ann, nora, "2026-03-17T09:00:00Z", "cancelled", "Secret");
        await practice.AddSessionAsync(ann, nora, "2026-03-18T09:00:00Z", "planned", "Secret");
        using var person = await practice.SignInAsync(role);

        var report = await CreateAsync(person, "billing_summary", ann);

        Assert.Equal(
            $$"""
            {"figures":[{"name":"sessionsHeld","value":2,"unit":"sessions"},{"name":"sessionsWithoutFee","value":0,"unit":"sessions"},
                        {"name":"amount","value":16000,"unit":"GBP minor units"}],
             "sections":[{"heading":"Held sessions","statements":[
                {"text":"3 March 2026, 50 minutes, with Nora: 75.00 GBP.","sources":[{"type":"session","id":"{{first}}"}]},
                {"text":"10 March 2026, 50 minutes, with Daniel: 85.00 GBP.","sources":[{"type":"session","id":"{{second}}"}]}]}]}
            """,
            $$"""{"figures":{{report.GetProperty("figures").GetRawText()}},"sections":{{report.GetProperty("sections").GetRawText()}}}""",
            SameJson.Comparer);
        Assert.DoesNotContain("Secret", report.GetRawText());
    }

    [Fact]
    public async Task Report_RecordsChangedAfterwards_StaysAsItWasMade()
    {
        var (practice, nora, ann) = await CreateAsync();
        var session = await practice.AddSessionAsync(ann, nora, "2026-03-03T09:00:00Z", title: "As it was");
        using var person = await practice.SignInAsync(UserRole.Practitioner, nora);

        var report = await CreateAsync(person, "session_summary", ann);
        await factory.ExecuteAsync("update clinical_sessions set title = 'Other', status = 'cancelled' where id = @session", new { session });
        var again = await CreateAsync(person, "session_summary", ann);

        Assert.Equal(report.GetRawText(), (await person.GetJsonAsync($"{Reports}/{report.Id()}")).GetRawText());
        Assert.Contains("Other", again.GetRawText());
    }

    [Fact]
    public async Task Report_NoRecords_SaysNothingOfThem()
    {
        var (practice, nora, ann) = await CreateAsync();
        using var person = await practice.SignInAsync(UserRole.Practitioner, nora);

        var report = await CreateAsync(person, "treatment_progress", ann);

        Assert.Equal(
            "0 0 0 0 0 null null null",
            string.Join(' ', report.GetProperty("figures").EnumerateArray().Select(figure => figure.GetProperty("value").GetRawText())));
        Assert.Equal([1, 0, 0, 0], report.GetProperty("sections").EnumerateArray().Select(section => section.GetProperty("statements").GetArrayLength()));
    }

    [Theory]
    [InlineData("0a000000-0000-7000-8000-000000000c01")]
    [InlineData("0a000000-0000-7000-8000-000000000c02")]
    public async Task Sample_Report_IsWhatTheServiceMakesOfTheSample(string id)
    {
        factory.Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var sample = await owner.GetJsonAsync($"{Reports}/{id}");

        var made = await (await owner.WriteAsync(
            HttpMethod.Post, Reports, Json(sample.GetProperty("reportType").GetString()!, ApiFactory.MayaLindqvist, "2026-06-01", "2026-06-30"), NewKey())).ReadAsync(HttpStatusCode.Created);

        Assert.All(
            new[] { "title", "figures", "sections", "dateRange", "timeZone" },
            member => Assert.Equal(sample.GetProperty(member).GetRawText(), made.GetProperty(member).GetRawText(), SameJson.Comparer));
    }

    [Fact]
    public async Task Create_TwelveTwins_MakeOneReport()
    {
        var (practice, nora, ann) = await CreateAsync();
        using var person = await practice.SignInAsync(UserRole.Practitioner, nora);
        var (key, json) = (NewKey(), Json("session_summary", ann));

        var responses = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => person.WriteAsync(HttpMethod.Post, Reports, json, key))));

        Assert.Equal(
            [HttpStatusCode.Created, .. Enumerable.Repeat(HttpStatusCode.OK, 11)], responses.Select(response => response.StatusCode).OrderDescending());
        Assert.Single((await Task.WhenAll(responses.Select(response => response.Content.ReadAsStringAsync()))).Distinct());
        Assert.Single(await person.ReadPagesAsync($"{Reports}?limit=200"));
        await (await person.WriteAsync(HttpMethod.Post, Reports, Json("treatment_progress", ann), key)).AssertProblemAsync(HttpStatusCode.Conflict, "idempotency.key_reused");
        await (await person.WriteAsync(HttpMethod.Post, Reports, json)).AssertProblemAsync(HttpStatusCode.BadRequest, "idempotency.key_required");
    }

    [Theory]
    [InlineData("""{}""", "report.invalid", "reportType")]
    [InlineData("""{"reportType":"diagnosis","clientId":"{ann}"}""", "report.invalid", "reportType")]
    [InlineData("""{"reportType":"session_summary"}""", "report.invalid", "clientId")]
    [InlineData("""{"reportType":"session_summary","clientId":"{ann}","dateRange":{"from":"2026-03-02","to":"2026-03-01"}}""", "date_range.invalid", "dateRange.from")]
    [InlineData("""{"reportType":"session_summary","clientId":"{ann}","dateRange":{"from":"2020-03-02","to":"2026-03-01"}}""", "date_range.invalid", "dateRange.to")]
    [InlineData("""{"reportType":"session_summary","clientId":"{ann}","dateRange":{"from":"0001-01-01"}}""", "date_range.invalid", "dateRange.from")]
    [InlineData("""{"reportType":"session_summary","clientId":"{ann}","dateRange":{"from":"2026-02-30"}}""", "request.member_invalid", "dateRange.from")]
    [InlineData("""{"reportType":"session_summary","clientId":"x"}""", "request.member_invalid", "clientId")]
    [InlineData("""{"reportType":"session_summary","clientId":"{ann}","title":"Mine"}""", "request.member_invalid", "title")]
    public async Task Create_FaultyBody_TellsTheFieldAndStoresNothing(string json, string code, string field)
    {
        var (practice, nora, ann) = await CreateAsync();
        using var person = await practice.SignInAsync(UserRole.Practitioner, nora);

        var response = await person.WriteAsync(HttpMethod.Post, Reports, json.Replace("{ann}", $"{ann}"), NewKey());

        var problem = await response.ReadAsync(HttpStatusCode.BadRequest);
        Assert.Equal((code, field), (problem.GetProperty("code").GetString(), problem.GetProperty("errors")[0].GetProperty("field").GetString()));
        Assert.Empty(await person.ReadPagesAsync($"{Reports}?limit=200"));
    }

    [Fact]
    public async Task Create_FromMoreRecordsThanAReportHolds_Refused()
    {
        var (practice, nora, ann) = await CreateAsync();
        using var person = await practice.SignInAsync(UserRole.Practitioner, nora);
        await factory.ExecuteAsync(
            """
            insert into mood_entries (id, practice_id, client_id, mood, scale, recorded_at, created_at)
            select uuid(), @Id, @ann, 'x', 5, '2026-03-10', '2026-03-10' from information_schema.columns a, information_schema.columns b limit 2001
            """,
            new { practice.Id, ann });

        var response = await person.WriteAsync(HttpMethod.Post, Reports, Json("treatment_progress", ann), NewKey());

        await response.AssertProblemAsync(HttpStatusCode.UnprocessableEntity, "report.range_too_large");
        Assert.Empty(await person.ReadPagesAsync($"{Reports}?limit=200"));
    }

    [Theory]
    [InlineData(UserRole.Practitioner, "session_summary treatment_progress")]
    [InlineData(UserRole.Reception, "billing_summary")]
    [InlineData(UserRole.Owner, "session_summary treatment_progress billing_summary")]
    [InlineData(UserRole.Admin, "session_summary treatment_progress billing_summary")]
    [InlineData(UserRole.Client, "")]
    [InlineData(UserRole.Service, "")]
    public async Task Reports_ByRole_MadeListedAndReadOnlyOfTheirTypes(UserRole role, string allowed)
    {
        var (practice, nora, ann) = await CreateAsync();
        using var owner = await practice.SignInAsync(UserRole.Owner);
        using var person = await practice.SignInAsync(role, role is UserRole.Practitioner ? nora : null, role is UserRole.Client ? ann : null);
        var types = new[] { "session_summary", "treatment_progress", "billing_summary" };

        var seen = new List<string>();
        foreach (var type in types)
        {
            var id = (await CreateAsync(owner, type, ann)).Id();
            var made = await person.WriteAsync(HttpMethod.Post, Reports, Json(type, ann), NewKey());
            var (read, downloaded) = (await person.GetAsync($"{Reports}/{id}"), await person.GetAsync($"{Reports}/{id}/download"));
            if (made.StatusCode is HttpStatusCode.Created)
            {
                Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (read.StatusCode, downloaded.StatusCode));
                seen.Add(type);
                continue;
            }

            foreach (var refused in new[] { made, read, downloaded })
            {
                await refused.AssertProblemAsync(HttpStatusCode.Forbidden, "report.forbidden");
            }
        }

        Assert.Equal(allowed, string.Join(' ', seen));
        if (allowed.Length == 0)
        {
            await (await person.GetAsync(Reports)).AssertProblemAsync(HttpStatusCode.Forbidden, "report.forbidden");
            return;
        }

        // The owner's and the caller's own, newest first.
        Assert.Equal(
            seen.AsEnumerable().Reverse().SelectMany(type => new[] { type, type }),
            (await person.GetJsonAsync(Reports)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("reportType").GetString()!).Order().OrderByDescending(type => Array.IndexOf(types, type)));
    }

    [Fact]
    public async Task Reports_OfAClientOutOfSight_NotFoundAndNotListed()
    {
        var (practice, nora, ann) = await CreateAsync();
        var daniel = await practice.AddPractitionerAsync("Daniel");
        var other = await SmallPractice.CreateAsync(factory);
        using var owner = await practice.SignInAsync(UserRole.Owner);
        var id = (await CreateAsync(owner, "session_summary", ann)).Id();

        // Another practitioner, one who treated them until today, and the owner of another practice.
        var former = await practice.AddPractitionerAsync("Former");
        await factory.ExecuteAsync(
            """
            insert into care_relations (id, practice_id, client_id, practitioner_id, kind, started_on, ended_on, created_at, version)
            values (uuid(), @Id, @ann, @former, 'joint', '2026-01-01', '2026-11-20', '2026-01-01', 1)
            """,
            new { practice.Id, ann, former });
        foreach (var stranger in new[]
        {
            await practice.SignInAsync(UserRole.Practitioner, daniel), await practice.SignInAsync(UserRole.Practitioner, former),
            await practice.SignInAsync(UserRole.Practitioner), await other.SignInAsync(UserRole.Owner),
        })
        {
            await (await stranger.WriteAsync(HttpMethod.Post, Reports, Json("session_summary", ann), NewKey())).AssertProblemAsync(HttpStatusCode.NotFound, "client.not_found");
            await (await stranger.GetAsync($"{Reports}/{id}")).AssertProblemAsync(HttpStatusCode.NotFound, "report.not_found");
            await (await stranger.GetAsync($"{Reports}/{id}/download")).AssertProblemAsync(HttpStatusCode.NotFound, "report.not_found");
            Assert.Empty(await stranger.ReadPagesAsync($"{Reports}?clientId={ann}"));
            stranger.Dispose();
        }

        using var treating = await practice.SignInAsync(UserRole.Practitioner, nora);
        Assert.Equal([id], await treating.ReadPagesAsync($"{Reports}?limit=200"));
    }

    [Fact]
    public async Task List_PageByPage_NewestFirstAndFiltered()
    {
        var (practice, nora, ann) = await CreateAsync();
        var bob = await practice.AddClientAsync(nora, "Bob");
        using var owner = await practice.SignInAsync(UserRole.Owner);
        var ids = new List<string>();
        foreach (var (client, type) in new[] { (ann, "session_summary"), (ann, "billing_summary"), (bob, "session_summary"), (ann, "session_summary"), (bob, "billing_summary") })
        {
            ids.Add((await CreateAsync(owner, type, client)).Id());
        }

        // All made at one moment: the id decides.
        Assert.Equal(ids.OrderDescending(StringComparer.Ordinal), await owner.ReadPagesAsync($"{Reports}?limit=2"));
        Assert.Equal(
            new[] { ids[3], ids[0] }.OrderDescending(StringComparer.Ordinal), await owner.ReadPagesAsync($"{Reports}?clientId={ann}&reportType=session_summary&limit=1"));
        Assert.Equal(
            $$"""
            {"id":"{{ids[4]}}","reportType":"billing_summary","clientId":"{{bob}}","dateRange":{"from":"2026-03-01","to":"2026-03-31"},
             "createdBy":{{(await owner.GetJsonAsync($"{Reports}/{ids[4]}")).GetProperty("createdBy").GetRawText()}},"createdAt":"2026-11-20T12:00:00+00:00"}
            """,
            (await owner.GetJsonAsync($"{Reports}?clientId={bob}&reportType=billing_summary")).GetProperty("items")[0].GetRawText(),
            SameJson.Comparer);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("cursor=x")]
    [InlineData("clientId=x")]
    [InlineData("reportType=diagnosis")]
    public async Task List_ParameterThatIsNone_BadRequest(string query)
    {
        var (practice, _, _) = await CreateAsync();
        using var owner = await practice.SignInAsync(UserRole.Owner);

        Assert.Equal(HttpStatusCode.BadRequest, (await owner.GetAsync($"{Reports}?{query}")).StatusCode);
    }

    [Fact]
    public async Task Report_MadeReadDownloadedAndRefused_IsEachInTheAudit()
    {
        var (practice, nora, ann) = await CreateAsync();
        using var person = await practice.SignInAsync(UserRole.Practitioner, nora);
        using var reception = await practice.SignInAsync(UserRole.Reception);
        person.DefaultRequestHeaders.Add("X-Correlation-Id", "reports-1");
        reception.DefaultRequestHeaders.Add("X-Correlation-Id", "reports-1");

        var id = (await CreateAsync(person, "session_summary", ann)).Id();
        await person.GetJsonAsync($"{Reports}/{id}");
        await person.GetStringAsync($"{Reports}/{id}/download");
        await (await reception.GetAsync($"{Reports}/{id}")).AssertProblemAsync(HttpStatusCode.Forbidden, "report.forbidden");

        Assert.Equal(
            $"""
            practitioner report.created report {id} success
            practitioner report.read report {id} success
            practitioner report.downloaded report {id} success
            reception report.read report {id} refused
            """,
            await factory.ReadAuditAsync("reports-1", 4));
    }

    [Fact]
    public async Task Create_FromManyRecords_TakesTheStatementsOfNone()
    {
        var (practice, nora, ann) = await CreateAsync();
        using var person = await practice.SignInAsync(UserRole.Practitioner, nora);
        await CreateAsync(person, "treatment_progress", ann);
        var none = await StatementsAsync();
        foreach (var day in Enumerable.Range(1, 5))
        {
            await practice.AddSessionAsync(ann, nora, $"2026-03-{day:00}T09:00:00Z");
            await practice.AddMoodAsync(ann, $"2026-03-{day:00}T10:00:00Z", day);
            var given = await practice.AddHomeworkAsync(ann, nora, $"2026-03-{day:00}T10:00:00Z", submitted: 1);
            await practice.AddResultAsync(given, ann, $"2026-03-{day:00}T11:00:00Z", score: day);
        }

        // Sessions have a practitioner, whose name is asked for once.
        Assert.Equal(none.Append("select practitioners").Order(), (await StatementsAsync()).Order());

        async Task<IReadOnlyList<string>> StatementsAsync()
        {
            var request = new HttpRequestMessage(HttpMethod.Post, Reports)
            {
                Content = new StringContent(Json("treatment_progress", ann), System.Text.Encoding.UTF8, "application/json"),
                Headers = { { "Idempotency-Key", NewKey() } },
            };
            var (statements, response) = await SqlStatements.OfAsync(person, request);
            await response.ReadAsync(HttpStatusCode.Created);
            return statements;
        }
    }

    private static string Json(string type, Guid client, string from = "2026-03-01", string to = "2026-03-31") =>
        $$$"""{"reportType":"{{{type}}}","clientId":"{{{client}}}","dateRange":{"from":"{{{from}}}","to":"{{{to}}}"}}""";

    private static async Task<JsonElement> CreateAsync(HttpClient person, string type, Guid client) =>
        await (await person.WriteAsync(HttpMethod.Post, Reports, Json(type, client), NewKey())).ReadAsync(HttpStatusCode.Created);

    private async Task<(SmallPractice Practice, Guid Nora, Guid Ann)> CreateAsync(string goals = "[]")
    {
        var practice = await SmallPractice.CreateAsync(factory, fee: 7500, currency: "GBP");
        var nora = await practice.AddPractitionerAsync("Nora");
        return (practice, nora, await practice.AddClientAsync(nora, "Ann", goals: goals));
    }
}
