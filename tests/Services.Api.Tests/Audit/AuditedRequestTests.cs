using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Api.Tests.Audit;

/// <summary>What requests leave in the practice's audit.</summary>
public sealed class AuditedRequestTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string OwnerUser = "0a000000-0000-7000-8000-000000000204";
    private const string JosieUser = "0a000000-0000-7000-8000-000000000205";
    private const string NoraUser = "0a000000-0000-7000-8000-000000000201";
    private const string MayasSession = "0a000000-0000-7000-8000-000000040101";
    private static readonly string ImportPath =
        $"/api/v1/sessions/import?clientId={ApiFactory.TomOkafor}&startedAt=2026-11-18T17:00:00Z&title=Imported";

    [Fact]
    public async Task SignIn_RightAndWrong_BothRecorded()
    {
        using var anonymous = factory.CreateClient();
        anonymous.DefaultRequestHeaders.Add("X-Correlation-Id", "sign-in-1");
        var wrong = await anonymous.PostAsJsonAsync("/api/v1/auth/login", new { email = "ingrid.solheim@harbourlane.example", password = "not it" });
        var right = await anonymous.PostAsJsonAsync("/api/v1/auth/login", new { email = "ingrid.solheim@harbourlane.example", password = "demo-password-4" });

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (wrong.StatusCode, right.StatusCode));
        await AssertRecordedAsync("sign-in-1", $"{OwnerUser} owner auth.sign_in_failed user {OwnerUser} refused", $"{OwnerUser} owner auth.signed_in user {OwnerUser} success");
    }

    [Fact]
    public async Task Refresh_UsedToken_ReuseRecordedOnce()
    {
        using var anonymous = factory.CreateClient();
        var login = await anonymous.PostAsJsonAsync("/api/v1/auth/login", new { email = "nora.berg@harbourlane.example", password = "demo-password-1" });
        var refreshToken = (await login.ReadAsync(HttpStatusCode.OK)).GetProperty("data").GetProperty("refreshToken").GetString();
        anonymous.DefaultRequestHeaders.Add("X-Correlation-Id", "reuse-1");

        await (await anonymous.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken })).ReadAsync(HttpStatusCode.OK);
        await (await anonymous.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken })).ReadAsync(HttpStatusCode.Unauthorized);

        await AssertRecordedAsync("reuse-1", $"{NoraUser} practitioner auth.refresh_reused user {NoraUser} refused");
    }

    [Fact]
    public async Task TokenExchange_FirstOfARun_RecordedAndRenewalsNot()
    {
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        using var service = factory.CreateClient();
        service.DefaultRequestHeaders.Add("X-Correlation-Id", "exchange-1");
        var runId = Guid.CreateVersion7();
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:token-exchange",
            ["client_id"] = ApiFactory.ServiceId,
            ["client_secret"] = ApiFactory.ServiceSecret,
            ["subject_token"] = nora.DefaultRequestHeaders.Authorization!.Parameter!,
            ["subject_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
            ["run_id"] = $"{runId}",
            ["run_end"] = $"{DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()}",
        };

        var first = await (await service.PostAsync("/connect/token", new FormUrlEncodedContent(form))).ReadAsync(HttpStatusCode.OK);
        form["subject_token"] = first.GetProperty("access_token").GetString()!;
        form.Remove("run_end");
        await (await service.PostAsync("/connect/token", new FormUrlEncodedContent(form))).ReadAsync(HttpStatusCode.OK);

        await AssertRecordedAsync("exchange-1", $"{NoraUser} practitioner run.token_issued run {runId} success");
    }

    [Fact]
    public async Task Reads_OfAClientsRecords_RecordedWithTheirOutcome()
    {
        using var reception = await factory.CreateClientAsync(SamplePerson.ReceptionA);
        reception.DefaultRequestHeaders.Add("X-Correlation-Id", "reads-1");
        var nobody = Guid.CreateVersion7();

        foreach (var path in new[]
        {
            $"api/v1/clients/{ApiFactory.MayaLindqvist}", $"api/v1/clients/{ApiFactory.MayaLindqvist}/summary", $"api/v1/clients/{ApiFactory.TomBeaumont}",
            $"fhir/Patient/{ApiFactory.TomOkafor}", $"api/v1/sessions/{MayasSession}", $"api/v1/sessions/{MayasSession}?includeSegments=true",
            $"api/v1/sessions/{nobody}?includeSegments=true",
        })
        {
            await reception.GetAsync($"/{path}");
        }

        await AssertRecordedAsync(
            "reads-1",
            $"{JosieUser} reception client.read client {ApiFactory.MayaLindqvist} success",
            $"{JosieUser} reception client.summary_read client {ApiFactory.MayaLindqvist} success",
            $"{JosieUser} reception client.read client {ApiFactory.TomBeaumont} refused",
            $"{JosieUser} reception client.read client {ApiFactory.TomOkafor} success",
            $"{JosieUser} reception session.transcript_read session {MayasSession} refused",
            $"{JosieUser} reception session.transcript_read session {nobody} refused");
    }

    [Fact]
    public async Task FhirReads_OfClientsById_RecordedLikeTheNativeOnes()
    {
        using var reception = await factory.CreateClientAsync(SamplePerson.ReceptionA);
        reception.DefaultRequestHeaders.Add("X-Correlation-Id", "reads-fhir");

        foreach (var path in new[]
        {
            $"Patient/{ApiFactory.MayaLindqvist}", $"Patient/{ApiFactory.TomBeaumont}", "Patient/1", "Patient?_count=1",
            $"Patient?_count=1&_id={ApiFactory.TomOkafor},{ApiFactory.TomBeaumont}",
        })
        {
            await reception.GetAsync($"/fhir/{path}");
        }

        await AssertRecordedAsync(
            "reads-fhir",
            $"{JosieUser} reception client.read client {ApiFactory.MayaLindqvist} success",
            $"{JosieUser} reception client.read client {ApiFactory.TomBeaumont} refused",
            $"{JosieUser} reception client.read client {ApiFactory.TomOkafor} success");
    }

    [Fact]
    public async Task Import_Repeated_RecordedOnce()
    {
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        nora.DefaultRequestHeaders.Add("X-Correlation-Id", "import-1");

        var imported = await (await ImportAsync(nora, "audited-1")).ReadAsync(HttpStatusCode.Created);
        await (await ImportAsync(nora, "audited-1")).ReadAsync(HttpStatusCode.OK);

        await AssertRecordedAsync("import-1", $"{NoraUser} practitioner session.imported session {imported.GetProperty("sessionId")} success");
    }

    [Fact]
    public async Task Import_EventCannotBeWritten_StoresNoSession()
    {
        await using var own = ApiFactory.On(await (await DataServers.StartAsync()).CreateDatabaseAsync("practice"));
        using var nora = await own.CreateClientAsync(SamplePerson.Nora);
        await own.ExecuteAsync("rename table audit_events to audit_events_away");

        var refused = await ImportAsync(nora, "broken-1");
        await own.ExecuteAsync("rename table audit_events_away to audit_events");

        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        Assert.Equal(
            (0, 0),
            (await own.ReadAsync<int>("select count(*) from clinical_sessions where title = 'Imported'"), await own.ReadAsync<int>("select count(*) from session_imports")));
        await (await ImportAsync(nora, "broken-1")).ReadAsync(HttpStatusCode.Created);
    }

    private static Task<HttpResponseMessage> ImportAsync(HttpClient client, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, ImportPath) { Content = new StringContent("speaker,time,text\nclient,1,x\n", Encoding.UTF8, "text/csv") };
        request.Headers.Add("Idempotency-Key", key);
        return client.SendAsync(request);
    }

    // Reads reach the chain a moment after their answer.
    private async Task AssertRecordedAsync(string correlationId, params string[] expected)
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        string[] found = [];
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                var items = (await owner.GetJsonAsync("/api/v1/audit/events?limit=500")).GetProperty("items").EnumerateArray();
                found = [.. items.Where(item => item.GetProperty("correlationId").GetString() == correlationId).Select(Describe).Reverse()];
                return found.Length >= expected.Length;
            },
            "the events are in the chain");

        Assert.Equal(expected, found);
    }

    private static string Describe(JsonElement item) => string.Join(
        ' ', new[] { "userId", "role", "action", "recordType", "recordId", "outcome" }.Select(name => item.GetProperty(name).GetString()));
}
