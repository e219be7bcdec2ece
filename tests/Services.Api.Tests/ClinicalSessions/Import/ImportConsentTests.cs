using System.Net;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Api.Tests.Audit;
using AiPlatform.Tests.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Import;

/// <summary>No transcript without the client's consent to recording.</summary>
public sealed class ImportConsentTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private static readonly Guid EdwinHale = new("0a000000-0000-7000-8000-000000000304");
    private static readonly Guid MayaCastellanos = new("0a000000-0000-7000-8000-000000000303");

    [Fact]
    public async Task Import_AfterAWithdrawal_RefusedAndNothingStoredUntilItIsGivenAgain()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        const string body = """{"clientId":"0a000000-0000-7000-8000-000000000304","title":"Quokka","startedAt":"2026-11-18T17:00:00Z","segments":[{"speaker":"client","start":0,"text":"A quokka."}]}""";
        Task<HttpResponseMessage> ImportAsync() => nora.WriteAsync(HttpMethod.Post, "/api/v1/sessions/import", body, "consent-import-1");
        await ConsentAsync(nora, EdwinHale, "withdrawn");

        await (await ImportAsync()).AssertProblemAsync(HttpStatusCode.Conflict, "consent.missing");
        var stored = await CountAsync();
        await ConsentAsync(nora, EdwinHale, "given");
        var imported = await (await ImportAsync()).ReadAsync(HttpStatusCode.Created);
        await ConsentAsync(nora, EdwinHale, "withdrawn");
        var replayed = await (await ImportAsync()).ReadAsync(HttpStatusCode.OK);

        Assert.Equal((0, 0, 0, 0), stored);
        Assert.Equal((1, 1, 1, 1), await CountAsync());
        Assert.Equal(imported.GetRawText(), replayed.GetRawText());
    }

    [Fact]
    public async Task Import_OfAClientWhoNeverSaidAnything_Refused()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        await factory.ExecuteAsync("delete from consents where client_id = @MayaCastellanos", new { MayaCastellanos });
        await factory.ExecuteAsync("delete from consent_entries where client_id = @MayaCastellanos", new { MayaCastellanos });

        var refused = await nora.ImportAsync(MayaCastellanos, "unasked", "client: Hello.");

        await refused.AssertProblemAsync(HttpStatusCode.Conflict, "consent.missing");
        Assert.Equal("none", (await nora.GetJsonAsync($"/api/v1/clients/{MayaCastellanos}/consents")).GetProperty("recording").GetString());
    }

    [Fact]
    public async Task Import_WhileAWithdrawalIsBeingStored_WaitsForItAndIsRefused()
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var database = factory.Services.GetRequiredService<Database>();
        var withdrawn = new TaskCompletionSource();
        var commit = new TaskCompletionSource();
        var clientId = new Guid("0a000000-0000-7000-8000-000000000307");
        var withdrawal = database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    "update consents set status = 'withdrawn' where client_id = @clientId", new { clientId }, transaction, cancellationToken: token));
                withdrawn.SetResult();
                await commit.Task;
            },
            CancellationToken.None);
        await withdrawn.Task.WaitAsync(Eventually.Timeout);

        var importing = owner.ImportAsync(clientId, "raced", "client: Hello.");
        await WaitForALockAsync(database);
        Assert.False(importing.IsCompleted);
        commit.SetResult();
        await withdrawal;

        await (await importing).AssertProblemAsync(HttpStatusCode.Conflict, "consent.missing");
        Assert.Equal(0, await factory.ReadAsync<int>("select count(*) from clinical_sessions where title = 'raced'"));
    }

    [Fact]
    public async Task ImportsAndWithdrawalsAtOnce_NoneIsStoredAfterTheWithdrawal()
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var clientId = new Guid("0a000000-0000-7000-8000-000000000308");

        var imports = Enumerable.Range(0, 12).Select(index => owner.ImportAsync(clientId, "at once", $"client: Number {index}."));
        var answers = await Task.WhenAll(imports.Append(WithdrawAsync()));
        var after = await owner.ImportAsync(clientId, "at once", "client: After all.");

        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict, $"{answer.StatusCode}"));
        await after.AssertProblemAsync(HttpStatusCode.Conflict, "consent.missing");

        // The audit's chain has them in the order in which they were stored.
        Assert.Equal(0, await factory.ReadAsync<int>(
            """
            select count(*)
            from audit_events imported
            join clinical_sessions s on s.id = imported.record_id and s.client_id = @clientId
            where imported.action = 'session.imported' and imported.sequence_number >
                (select min(sequence_number) from audit_events where action = 'consent.withdrawn' and record_id in
                    (select id from consent_entries where client_id = @clientId))
            """,
            new { clientId }));

        Task<HttpResponseMessage> WithdrawAsync() => owner.WriteAsync(
            HttpMethod.Post, $"/api/v1/clients/{clientId}/consents", """{"kind":"recording","status":"withdrawn"}""", SessionCalls.NewKey());
    }

    private static Task WaitForALockAsync(Database database) => Eventually.BecomesTrueAsync(
        () => database.RunAsync(
            async (connection, token) => await connection.ExecuteScalarAsync<int>(new CommandDefinition(
                "select count(*) from information_schema.processlist where info like '%from consents%lock in share mode%' and id <> connection_id()",
                cancellationToken: token)) > 0,
            CancellationToken.None),
        "the import waits for the consent");

    private static async Task ConsentAsync(HttpClient client, Guid clientId, string status) => await (await client.WriteAsync(
        HttpMethod.Post, $"/api/v1/clients/{clientId}/consents", $$"""{"kind":"recording","status":"{{status}}"}""", SessionCalls.NewKey()))
        .ReadAsync(HttpStatusCode.Created);

    private async Task<(int Sessions, int Segments, int Words, int Imports)> CountAsync() => (
        await factory.ReadAsync<int>("select count(*) from clinical_sessions where title = 'Quokka'"),
        await factory.ReadAsync<int>("select count(*) from clinical_session_segments where text = 'A quokka.'"),
        await factory.ReadAsync<int>("select count(*) from clinical_session_words where words like '%quokka%'"),
        await factory.ReadAsync<int>("select count(*) from session_imports where idempotency_key = 'consent-import-1'"));
}
