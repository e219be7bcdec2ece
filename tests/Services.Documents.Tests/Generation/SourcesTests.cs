using System.Net;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Documents.Tests.Generation;

[Collection(DocumentsFixture.Collection)]
public sealed class SourcesTests(DocumentsFixture fixture)
{
    private static readonly object Template = new { content = "# Note\n## Said\n" };

    [Fact]
    public async Task Generate_SeveralSessions_FetchesEachOnceWithTheCallersToken()
    {
        var practice = fixture.CreatePractice();
        var clientId = practice.AddClient("Sarah Johnson");
        var later = practice.AddSessionAt(clientId, new(2026, 3, 11, 10, 0, 0, TimeSpan.Zero), "client: Second week.");
        var first = practice.AddSession(clientId, "client: First week.");
        fixture.Model.Respond = Drafts.QuoteFirstClientSegment;
        using var http = fixture.ClientOf(practice);

        var document = await http.GenerateDocumentAsync(new { template = Template, clientId, sessionIds = new[] { later, first, later } });

        Assert.Equal(
            ["/api/v1/clients/" + clientId, "/api/v1/clinic", "/api/v1/me", $"/api/v1/sessions/{first}?includeSegments=true", $"/api/v1/sessions/{later}?includeSegments=true"],
            fixture.Api.RequestsWith(practice.PractitionerToken).Order().OrderBy(path => path.Contains(later.ToString(), StringComparison.Ordinal)));
        Assert.Equal([first, later], document.GetProperty("sessionIds").EnumerateArray().Select(id => id.GetGuid()));
        Assert.Contains("1. 4 March 2026, Weekly session\n2. 11 March 2026, Weekly session\n", document.GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Contains("[1: 00:00:00]", document.GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_SessionsOfTwoClients_IsRefused()
    {
        var practice = fixture.CreatePractice();
        var one = practice.AddSession(practice.AddClient("One Person"), "client: Hello.");
        var two = practice.AddSession(practice.AddClient("Two Person"), "client: Hello.");
        using var http = fixture.ClientOf(practice);

        await AssertRefusedAsync(http, new { template = Template, sessionIds = new[] { one, two } }, 400, "document.mixed_clients");
    }

    [Fact]
    public async Task Generate_AnotherClientThanTheSessions_IsRefused()
    {
        var practice = fixture.CreatePractice();
        var session = practice.AddSession(practice.AddClient("One Person"), "client: Hello.");
        using var http = fixture.ClientOf(practice);

        await AssertRefusedAsync(http, new { template = Template, clientId = practice.AddClient("Two Person"), sessionIds = new[] { session } }, 400, "document.client_mismatch");
        await AssertRefusedAsync(http, new { template = Template, clientId = Guid.CreateVersion7(), sessionIds = new[] { session } }, 404, "client.not_found");
    }

    [Fact]
    public async Task Generate_UnknownSession_IsNotFound()
    {
        using var http = fixture.ClientOf(fixture.CreatePractice());

        await AssertRefusedAsync(http, new { template = Template, sessionIds = new[] { Guid.CreateVersion7() } }, 404, "session.not_found");
    }

    [Theory]
    [InlineData()]
    [InlineData("client:  ", "therapist: \n")]
    [Trait("Spec", "T000-132")]
    public async Task Generate_EmptyTranscript_IsRefused(params string[] segments)
    {
        var practice = fixture.CreatePractice();
        var session = practice.AddSession(practice.AddClient("One Person"), segments);
        using var http = fixture.ClientOf(practice);

        await AssertRefusedAsync(http, new { template = Template, sessionIds = new[] { session } }, 422, "document.empty_transcript");
    }

    [Fact]
    public async Task Generate_OneTranscriptErased_IsGone()
    {
        var practice = fixture.CreatePractice();
        var clientId = practice.AddClient("One Person");
        var (kept, erased) = (practice.AddSession(clientId, "client: Hello."), practice.AddSession(clientId, "client: Hello again."));
        practice.Expire(erased);
        using var http = fixture.ClientOf(practice);

        await AssertRefusedAsync(http, new { template = Template, sessionIds = new[] { kept, erased } }, 410, "session.transcript_expired");
    }

    [Fact]
    public async Task Generate_WhatTheDocumentDoesNotQuote_IsStoredNowhere()
    {
        var practice = fixture.CreatePractice();
        var session = practice.AddSession(practice.AddClient("One Person"), "client: I am fine.", "client: Nobody may find the zebrafinch afterwards.");
        fixture.Model.Respond = Drafts.QuoteFirstClientSegment;
        using var http = fixture.ClientOf(practice);
        var document = await http.GenerateDocumentAsync(new { template = Template, sessionIds = new[] { session } }, "stored-nowhere");
        await (await http.RefineAsync(document.GetProperty("id").GetGuid(), new { instructions = "Shorter." })).ReadAsync(HttpStatusCode.Created);

        var columns = await QueryAsync("select concat(table_name, '.', column_name) from information_schema.columns where table_schema = database()");
        var holding = new List<string>();
        foreach (var column in columns.Select(column => column.Split('.')))
        {
            holding.AddRange(await QueryAsync($"select '{column[0]}.{column[1]}' from {column[0]} where convert({column[1]} using utf8mb4) like '%zebrafinch%'"));
        }

        Assert.True(columns.Count > 30, $"Only {columns.Count} columns were looked at.");
        Assert.Empty(holding);
    }

    [Fact]
    public async Task Generate_MoreThanTheBound_IsRefused()
    {
        var practice = fixture.CreatePractice();
        var session = practice.AddSession(practice.AddClient("One Person"), "client: " + new string('x', 1_001));
        await using var application = fixture.StartWith(("Sources:MaxCharacters", "1000"));
        using var http = fixture.ClientWith(practice.PractitionerToken, application);

        await AssertRefusedAsync(http, new { template = Template, sessionIds = new[] { session } }, 413, "document.sources_too_large");
    }

    [Theory]
    [InlineData(500, 503, "practice.unavailable")]
    [InlineData(403, 403, "practice.forbidden")]
    [InlineData(401, 401, "auth.required")]
    [InlineData(429, 429, "practice.busy")]
    [InlineData(418, 502, "practice.refused")]
    public async Task Generate_ApiRefuses_SaysSo(int status, int expected, string code)
    {
        var practice = fixture.CreatePractice();
        var session = practice.AddSession(practice.AddClient("One Person"), "client: Hello.");
        fixture.Api.Fault = path => path == "me" ? Results.StatusCode(status) : null;
        using var http = fixture.ClientOf(practice);

        await AssertRefusedAsync(http, new { template = Template, sessionIds = new[] { session } }, expected, code);
    }

    [Fact]
    public async Task Generate_ApiAnswersGarbage_SaysSo()
    {
        var practice = fixture.CreatePractice();
        var session = practice.AddSession(practice.AddClient("One Person"), "client: Hello.");
        using var http = fixture.ClientOf(practice);

        fixture.Api.Fault = path => path == "clinic" ? Results.Text("<html>", "application/json") : null;
        await AssertRefusedAsync(http, new { template = Template, sessionIds = new[] { session } }, 502, "practice.malformed");
        fixture.Api.Fault = path => path == "clinic" ? Results.Json(new { id = 1 }) : null;
        await AssertRefusedAsync(http, new { template = Template, sessionIds = new[] { session } }, 502, "practice.malformed");
    }

    [Fact]
    public async Task Generate_ApiHangs_TimesOut()
    {
        var practice = fixture.CreatePractice();
        var session = practice.AddSession(practice.AddClient("One Person"), "client: Hello.");
        await using var application = fixture.StartWith(("Sources:TimeoutSeconds", "1"));
        using var http = fixture.ClientWith(practice.PractitionerToken, application);
        var gate = new TaskCompletionSource();
        fixture.Api.Fault = path => path == "me" ? new Hanging(gate.Task) : null;

        await AssertRefusedAsync(http, new { template = Template, sessionIds = new[] { session } }, 504, "practice.timeout");
        gate.SetResult();
    }

    private Task<List<string>> QueryAsync(string sql) => fixture.Application.Services.GetRequiredService<Database>().RunAsync(
        async (connection, token) => (await connection.QueryAsync<string>(new CommandDefinition(sql, cancellationToken: token))).ToList(), CancellationToken.None);

    private async Task AssertRefusedAsync(HttpClient http, object request, int status, string code)
    {
        var asked = fixture.Model.Requests.Count;

        await (await http.GenerateAsync(request)).AssertProblemAsync(status, code);

        Assert.Equal(asked, fixture.Model.Requests.Count);
        var list = await (await http.GetAsync("/api/v1/documents")).ReadAsync(HttpStatusCode.OK);
        Assert.Equal(JsonValueKind.Array, list.GetProperty("items").ValueKind);
        Assert.Equal(0, list.GetProperty("items").GetArrayLength());
    }

    private sealed class Hanging(Task gate) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => gate.WaitAsync(httpContext.RequestAborted);
    }
}
