using System.Net;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Tests.Practices;
using static AiPlatform.Services.Api.Tests.Homework.HomeworkCalls;

namespace AiPlatform.Services.Api.Tests.Reports;

public sealed class ReportDownloadTests(ClockedFactory factory) : IClassFixture<ClockedFactory>
{
    [Theory]
    [InlineData("", "text/markdown", "md")]
    [InlineData("?format=markdown", "text/markdown", "md")]
    [InlineData("?format=csv", "text/csv", "csv")]
    [InlineData("?format=json", "application/json", "json")]
    public async Task Download_Format_ComesAsAFileOfItsType(string query, string type, string extension)
    {
        var (person, id, _) = await CreateAsync("A", "x");

        var response = await person.GetAsync($"/api/v1/reports/{id}/download{query}");

        Assert.Equal(
            (HttpStatusCode.OK, type, "utf-8", "attachment", $"session_summary_2026-03-01_2026-03-31_{id}.{extension}", "nosniff", "no-store"),
            (response.StatusCode, response.Content.Headers.ContentType!.MediaType, response.Content.Headers.ContentType.CharSet,
                response.Content.Headers.ContentDisposition!.DispositionType, response.Content.Headers.ContentDisposition.FileName,
                string.Join(' ', response.Headers.GetValues("X-Content-Type-Options")), response.Headers.CacheControl!.ToString()));
    }

    [Fact]
    public async Task Download_Markdown_WhatPeopleWroteStaysText()
    {
        var (person, id, session) = await CreateAsync("Ann | <script>", "# Not a heading\n| nor a *table* [link](javascript:x)");

        var text = await person.GetStringAsync($"/api/v1/reports/{id}/download?format=markdown");

        Assert.Equal(
            $$"""
            # Session summary: Ann \| \<script\>, 1 March 2026 to 31 March 2026

            | Figure | Value | Unit |
            |---|---:|---|
            | sessionsHeld | 1 | sessions |
            | sessionsPlanned | 0 | sessions |
            | sessionsCancelled | 0 | sessions |
            | timeHeld | 50 | minutes |

            ## Sessions

            - 10 March 2026, 09:00: "\# Not a heading \| nor a \*table\* \[link\](javascript:x)", held, 50 minutes, with Nora. [session {{session}}]

            """,
            text);
    }

    [Fact]
    public async Task Download_Csv_QuotedByTheRules()
    {
        var (person, id, session) = await CreateAsync("Ann", "He said \"no\",\ntwice");

        var text = await person.GetStringAsync($"/api/v1/reports/{id}/download?format=csv");

        Assert.Equal(
            "section,text,value,unit,sources\r\n"
            + "\"Figures\",\"sessionsHeld\",1,\"sessions\",\"\"\r\n"
            + "\"Figures\",\"sessionsPlanned\",0,\"sessions\",\"\"\r\n"
            + "\"Figures\",\"sessionsCancelled\",0,\"sessions\",\"\"\r\n"
            + "\"Figures\",\"timeHeld\",50,\"minutes\",\"\"\r\n"
            + "\"Sessions\",\"10 March 2026, 09:00: \"\"He said \"\"no\"\",\ntwice\"\", held, 50 minutes, with Nora.\",,\"\",\"session:" + session + "\"\r\n",
            text);
    }

    [Fact]
    public async Task Download_Json_IsTheReport()
    {
        var (person, id, _) = await CreateAsync("Ann", "x");

        var text = await person.GetStringAsync($"/api/v1/reports/{id}/download?format=json");

        Assert.Equal((await person.GetJsonAsync($"/api/v1/reports/{id}")).GetRawText(), text, SameJson.Comparer);
    }

    [Fact]
    public async Task Download_FormatThatIsNone_BadRequest()
    {
        var (person, id, _) = await CreateAsync("Ann", "x");

        await (await person.GetAsync($"/api/v1/reports/{id}/download?format=xlsx")).AssertProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
    }

    private async Task<(HttpClient Person, string Id, string Session)> CreateAsync(string client, string title)
    {
        var practice = await SmallPractice.CreateAsync(factory);
        var nora = await practice.AddPractitionerAsync("Nora");
        var ann = await practice.AddClientAsync(nora, client);
        var session = await practice.AddSessionAsync(ann, nora, "2026-03-10T09:00:00Z", title: title);
        var person = await practice.SignInAsync(UserRole.Practitioner, nora);
        var json = JsonSerializer.Serialize(
            new { reportType = "session_summary", clientId = ann, dateRange = new { from = "2026-03-01", to = "2026-03-31" } });
        var report = await (await person.WriteAsync(HttpMethod.Post, "/api/v1/reports", json, NewKey())).ReadAsync(HttpStatusCode.Created);
        return (person, report.Id(), $"{session}");
    }
}
