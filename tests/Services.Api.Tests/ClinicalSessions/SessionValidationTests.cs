using System.Net;
using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions;

public sealed class SessionValidationTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string MayasSession = "0a000000-0000-7000-8000-000000040101";
    private static readonly Guid RuthAbernethy = new("0a000000-0000-7000-8000-000000000305");

    [Fact]
    public async Task Validate_OfEveryKind_InTheOrderAskedFor()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var unrecorded = await nora.CreateSessionAsync(ApiFactory.TomOkafor, "unrecorded", "2026-11-20T10:00:00Z");
        var nobodys = Guid.CreateVersion7();

        var answer = await ValidateAsync(
            nora, (nobodys.ToString(), ApiFactory.MayaLindqvist), (MayasSession, ApiFactory.MayaLindqvist), (unrecorded, ApiFactory.TomOkafor),
            (MayasSession, ApiFactory.TomOkafor), (MayasSession, ApiFactory.MayaLindqvist));

        Assert.Equal(
            $$"""
            {"items":[
              {"sessionId":"{{nobodys}}","clientId":"{{ApiFactory.MayaLindqvist}}","state":"not_found","hasTranscript":false,"totalSegments":0},
              {"sessionId":"{{MayasSession}}","clientId":"{{ApiFactory.MayaLindqvist}}","state":"ready","hasTranscript":true,"totalSegments":24},
              {"sessionId":"{{unrecorded}}","clientId":"{{ApiFactory.TomOkafor}}","state":"no_transcript","hasTranscript":false,"totalSegments":0},
              {"sessionId":"{{MayasSession}}","clientId":"{{ApiFactory.TomOkafor}}","state":"not_found","hasTranscript":false,"totalSegments":0},
              {"sessionId":"{{MayasSession}}","clientId":"{{ApiFactory.MayaLindqvist}}","state":"ready","hasTranscript":true,"totalSegments":24}]}
            """,
            answer.GetRawText(),
            SameJson.Comparer);
    }

    [Theory]
    [InlineData(SamplePerson.Daniel, false)]
    [InlineData(SamplePerson.Helen, false)]
    [InlineData(SamplePerson.OwnerB, false)]
    [InlineData(SamplePerson.OwnerA, true)]
    [InlineData(SamplePerson.ReceptionA, true)]
    [InlineData(SamplePerson.MayaLindqvist, true)]
    public async Task Validate_ByWhoeverMayOrMayNotSeeIt_AsAnyUnknownOneOrAsItIs(SamplePerson person, bool sees)
    {
        var caller = await factory.CreateClientAsync(person);

        var answer = await ValidateAsync(caller, (MayasSession, ApiFactory.MayaLindqvist), ("0c000000-0000-7000-8000-00000000dead", ApiFactory.MayaLindqvist));

        var (asked, nobodys) = (answer.GetProperty("items")[0].GetRawText(), answer.GetProperty("items")[1].GetRawText());
        Assert.Contains(sees ? "\"ready\"" : "\"not_found\"", asked, StringComparison.Ordinal);
        Assert.Equal(!sees, asked.Replace(MayasSession, "0c000000-0000-7000-8000-00000000dead", StringComparison.Ordinal) == nobodys);
    }

    [Fact]
    public async Task Validate_AHundred_OneStatement()
    {
        var daniel = await factory.CreateClientAsync(SamplePerson.Daniel);
        var pairs = Enumerable.Range(0, 100).Select(_ => new { sessionId = Guid.CreateVersion7(), clientId = RuthAbernethy });
        await ValidateAsync(daniel, (MayasSession, RuthAbernethy));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/sessions/validate")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { sessions = pairs }), System.Text.Encoding.UTF8, "application/json"),
        };

        var (statements, response) = await SqlStatements.OfAsync(daniel, request);

        Assert.Equal(100, (await response.ReadAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength());
        Assert.Equal(["select clinical_sessions"], statements);
    }

    [Theory]
    [InlineData("{}", "sessions")]
    [InlineData("""{"sessions":[]}""", "sessions")]
    [InlineData("""{"sessions":null}""", "sessions")]
    [InlineData("""{"sessions":[{"sessionId":"0a000000-0000-7000-8000-000000040101"}]}""", "sessions[0].clientId")]
    [InlineData("""{"sessions":[{"clientId":"0a000000-0000-7000-8000-000000000301"}]}""", "sessions[0].sessionId")]
    public async Task Validate_BodyNotAsItShouldBe_NamesTheField(string json, string field)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var problem = await (await nora.PostAsync("validate", json)).ReadAsync(HttpStatusCode.BadRequest);

        Assert.Equal(
            ("session.validation_invalid", field),
            (problem.GetProperty("code").GetString(), problem.GetProperty("errors")[0].GetProperty("field").GetString()));
    }

    [Theory]
    [InlineData("""{"sessions":[{"sessionId":"1","clientId":"2"}]}""", "request.member_invalid")]
    [InlineData("""{"sessions":{}}""", "request.member_invalid")]
    [InlineData("""{"ids":[]}""", "request.member_invalid")]
    [InlineData("[]", "request.malformed")]
    public async Task Validate_ValueOfAnotherKind_BadRequest(string json, string code)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await nora.PostAsync("validate", json)).AssertProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Validate_AHundredAndOne_Refused()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var pairs = string.Join(',', Enumerable.Repeat($$"""{"sessionId":"{{MayasSession}}","clientId":"{{ApiFactory.MayaLindqvist}}"}""", 101));

        await (await nora.PostAsync("validate", $$"""{"sessions":[{{pairs}}]}""")).AssertFaultAsync("session.validation_invalid", ("sessions", "list.length"));
    }

    private static async Task<JsonElement> ValidateAsync(HttpClient client, params (string SessionId, Guid ClientId)[] sessions) =>
        await (await client.PostAsync(
            "validate", JsonSerializer.Serialize(new { sessions = sessions.Select(pair => new { sessionId = pair.SessionId, clientId = pair.ClientId }) })))
        .ReadAsync(HttpStatusCode.OK);
}
