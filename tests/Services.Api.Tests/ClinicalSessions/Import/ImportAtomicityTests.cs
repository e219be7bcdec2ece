using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AiPlatform.Services.Api.Tests.Audit;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Import;

/// <summary>An import is there as a whole or not at all, wherever it breaks.</summary>
public sealed class ImportAtomicityTests(ImportAtomicityTests.OwnFactory factory) : IClassFixture<ImportAtomicityTests.OwnFactory>
{
    private const int Rows = 1_200;
    private static readonly string Path = $"/api/v1/sessions/import?clientId={ApiFactory.TomOkafor}&startedAt=2026-11-18T17:00:00Z&title=Half";

    [Theory]
    [InlineData("client,1199,\n")]
    [InlineData("client,later,The last one.\n")]
    [InlineData("client,1199,\"never closed\n")]
    [InlineData("client,1199,one,too many\n")]
    public async Task Import_LastRowIsBad_NothingIsThere(string row)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var refused = await ImportAsync(nora, new StringContent(Csv() + row), "bad-row");

        await refused.AssertProblemAsync(HttpStatusCode.BadRequest, "session.import_invalid");
        Assert.Equal((0, 0, 0, 0), await CountAsync());
    }

    [Theory]
    [InlineData("clinical_session_segments", "new.position = 1100")]
    [InlineData("clinical_session_words", "new.words like 'half%'")]
    [InlineData("audit_events", "new.action = 'session.imported'")]
    public async Task Import_StoringBreaksMidway_NothingIsThereAndTheRepeatStoresAll(string table, string condition)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        await factory.ExecuteAsync($"create trigger break_import before insert on {table} for each row if {condition} then signal sqlstate '45000'; end if");

        var broken = await ImportAsync(nora, new StringContent(Csv()), $"broken-{table}");
        var after = await CountAsync();
        await factory.ExecuteAsync("drop trigger break_import");
        await (await ImportAsync(nora, new StringContent(Csv()), $"broken-{table}")).ReadAsync(HttpStatusCode.Created);
        var repeated = await CountAsync();
        await CleanAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, broken.StatusCode);
        Assert.Equal((0, 0, 0, 0), after);
        Assert.Equal((1, Rows, 1, 1), repeated);
    }

    [Fact]
    public async Task Import_CallerGoesAwayMidway_NothingIsThere()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        using var gone = new CancellationTokenSource();
        var body = new BrokenBody(Encoding.UTF8.GetBytes(Csv()), gone);

        await Assert.ThrowsAnyAsync<Exception>(() => ImportAsync(nora, new StreamContent(body), "gone", gone.Token));

        Assert.Equal((0, 0, 0, 0), await CountAsync());
    }

    private static string Csv() => "speaker,time,text\n" + string.Concat(Enumerable.Range(0, Rows).Select(second => $"client,{second},Utterance {second}.\n"));

    private static async Task<HttpResponseMessage> ImportAsync(
        HttpClient client, HttpContent content, string key, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = content };
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv", "utf-8");
        request.Headers.Add("Idempotency-Key", key);
        return await client.SendAsync(request, cancellationToken);
    }

    private async Task<(int Sessions, int Segments, int Words, int Imports)> CountAsync() => (
        await factory.ReadAsync<int>("select count(*) from clinical_sessions where title = 'Half'"),
        await factory.ReadAsync<int>("select count(*) from clinical_session_segments where text like 'Utterance %'"),
        await factory.ReadAsync<int>("select count(*) from clinical_session_words where words like 'half%'"),
        await factory.ReadAsync<int>("select count(*) from session_imports"));

    private Task CleanAsync() => factory.ExecuteAsync(
        """
        delete from clinical_sessions where title = 'Half';
        delete from clinical_session_segments where text like 'Utterance %';
        delete from clinical_session_words where words like 'half%';
        delete from session_imports;
        """);

    /// <summary>Its triggers and counts are nobody else's.</summary>
    public sealed class OwnFactory : ApiFactory;

    /// <summary>Gives half of its bytes and cuts the request off.</summary>
    private sealed class BrokenBody(byte[] bytes, CancellationTokenSource gone) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position > Length / 2)
            {
                await gone.CancelAsync();
                throw new IOException("The caller is gone.");
            }

            return Read(buffer.Span[..Math.Min(buffer.Length, 1024)]);
        }
    }
}
