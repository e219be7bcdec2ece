using System.Net;
using AiPlatform.Services.Api.ClinicalSessions.Search.Embeddings;
using AiPlatform.Services.Api.Tests.Audit;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Search;

/// <summary>The search by words and meaning, with an embedding model.</summary>
public sealed class EmbeddingSearchTests(EmbeddingFactory factory) : IClassFixture<EmbeddingFactory>
{
    [Fact]
    public async Task Search_ByMeaning_FindsWhatSharesNoWord()
    {
        var nora = await ArrangeAsync();
        var id = await nora.ImportSessionAsync(
            ApiFactory.TomOkafor, "meaning", "client: I lie awake until two.", "client: The wine was cheap.", "client: My insomnia is back.", "client: We drove home.");

        var answer = await nora.SearchTranscriptsAsync("insomnia", [id], threshold: 0.4);

        Assert.Equal(["My insomnia is back.", "I lie awake until two."], answer.Texts());
        Assert.Equal("used", answer.Embeddings());
        var (both, meaning) = (answer.GetProperty("items")[0], answer.GetProperty("items")[1]);
        Assert.Equal((1, 1, 1), (both.GetProperty("score").GetDouble(), both.GetProperty("wordScore").GetDouble(), both.GetProperty("similarity").GetDouble()));
        Assert.Equal((0.5, 0, 1), (meaning.GetProperty("score").GetDouble(), meaning.GetProperty("wordScore").GetDouble(), meaning.GetProperty("similarity").GetDouble()));
        Assert.Equal(0, meaning.GetProperty("highlights").GetArrayLength());
    }

    [Fact]
    public async Task Search_Again_SegmentsWereEmbeddedOnceInBatchesWithTheKey()
    {
        var nora = await ArrangeAsync();
        var id = await nora.ImportSessionAsync(
            ApiFactory.TomOkafor, "once", "client: One cat.", "client: Two cats.", "client: Three cats.", "client: Four cats.", "client: Five cats.");
        var before = factory.Model.Requests.Count;

        await nora.SearchTranscriptsAsync("dog", [id]);
        await nora.SearchTranscriptsAsync("dog", [id]);

        Assert.Equal([["One cat.", "Two cats.", "Three cats."], ["Four cats.", "Five cats."]], factory.BatchesSince(before, "dog"));
        Assert.Equal(4, factory.Model.Requests.Count - before);
        Assert.All(factory.Model.Requests.Skip(before), request =>
        {
            Assert.Equal(("/v1/embeddings", "embed-1", "Bearer embedding-key"), (request.Path, request.Model, request.Headers["Authorization"]));
            Assert.Equal("float", request.Json.GetProperty("encoding_format").GetString());
        });
        Assert.Equal(
            "embed-1 0 10,embed-1 1 10,embed-1 2 10,embed-1 3 10,embed-1 4 10",
            await factory.ReadAsync<string>(
                "select group_concat(concat(model, ' ', position, ' ', length(vector)) order by position) from clinical_session_embeddings where session_id = @id",
                new { id }));
    }

    [Fact]
    public async Task Search_MoreThanOneSearchMayEmbed_PartialAndTheNextGoesOn()
    {
        var nora = await ArrangeAsync();
        var id = await nora.ImportSessionAsync(
            ApiFactory.TomOkafor, "partial", [.. Enumerable.Range(0, 13).Select(index => $"client: Beer number {index}.")]);

        var first = await nora.SearchTranscriptsAsync("wine", [id], limit: 100);
        var second = await nora.SearchTranscriptsAsync("wine", [id], limit: 100);

        Assert.Equal(("partial", 8, "used", 13), (first.Embeddings(), first.Texts().Count, second.Embeddings(), second.Texts().Count));
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task Search_ServerRefuses_GoesByWordsAndSaysSo(HttpStatusCode status)
    {
        var nora = await ArrangeAsync();
        var id = await ImportPetsAsync(nora);
        factory.Model.Embed = _ => EmbeddingReply.Refuse(status);

        await AssertByWordsAsync(nora, id);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"data":null}""")]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"data":[{"index":0}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[0,0,0]}]}""")]
    [InlineData("""{"data":[{"index":1,"embedding":[1,2]}]}""")]
    [InlineData("""{"data":[{"index":-1,"embedding":[1,2]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1,"two"]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1e39,1]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1,2,3]}]}""")]
    [InlineData("""<html>busy</html>""")]
    public async Task Search_ServerAnswersSomethingElse_GoesByWordsAndSaysSo(string raw)
    {
        var nora = await ArrangeAsync();
        var id = await ImportPetsAsync(nora);
        factory.Model.Embed = _ => new() { Raw = raw };

        await AssertByWordsAsync(nora, id);
    }

    [Fact]
    public async Task Search_ServerFailsAfterTheQuery_GoesByWordsAloneNotByHalf()
    {
        var nora = await ArrangeAsync();
        var id = await nora.ImportSessionAsync(
            ApiFactory.TomOkafor, "half", "client: A dog.", "client: A kitten.", "client: A cat.", "client: Two dogs.", "client: Two kittens.");
        var batches = 0;
        factory.Model.Embed = request =>
            request.Inputs is ["kitten"] || batches++ == 0 ? EmbeddingReply.From(request, EmbeddingFactory.VectorOf) : EmbeddingReply.Refuse(HttpStatusCode.BadGateway);

        var answer = await nora.SearchTranscriptsAsync("kitten", [id]);

        Assert.Equal("unavailable: A kitten. Two kittens.", answer.Told());
        Assert.All(answer.GetProperty("items").EnumerateArray(), item => Assert.Equal(System.Text.Json.JsonValueKind.Null, item.GetProperty("similarity").ValueKind));
    }

    [Fact]
    public async Task Search_ServerHangs_GoesByWordsWithinItsBound()
    {
        await using var impatient = new ImpatientFactory(factory);
        var nora = await impatient.CreateClientAsync(SamplePerson.Nora);
        var id = await ImportPetsAsync(nora);
        var gate = new TaskCompletionSource();
        factory.Model.Embed = request => EmbeddingReply.From(request, EmbeddingFactory.VectorOf) with { Gate = gate.Task };

        await AssertByWordsAsync(nora, id);
        gate.SetResult();
    }

    [Fact]
    public async Task Search_AnotherModelBehindTheName_EmbeddedAgain()
    {
        var nora = await ArrangeAsync();
        var id = await ImportPetsAsync(nora);
        await nora.SearchTranscriptsAsync("cat", [id]);
        factory.Model.Embed = request => EmbeddingReply.From(request, text => [.. EmbeddingFactory.VectorOf(text), 0.1f]);

        var answer = await nora.SearchTranscriptsAsync("kitten", [id]);

        Assert.Equal(("used", 2), (answer.Embeddings(), answer.Texts().Count));
        Assert.Equal(
            "12 12",
            await factory.ReadAsync<string>(
                "select group_concat(length(vector) order by position separator ' ') from clinical_session_embeddings where session_id = @id", new { id }));
    }

    [Fact]
    public async Task Search_SessionsOutOfSight_AreNotSentAnywhere()
    {
        await ArrangeAsync();
        var daniel = await factory.CreateClientAsync(SamplePerson.Daniel);
        var before = factory.Model.Requests.Count;

        await daniel.SearchTranscriptsAsync("sleep", ["0a000000-0000-7000-8000-000000040101"]);

        Assert.All(factory.Model.Requests.Skip(before), request => Assert.Equal(["sleep"], request.Inputs));
    }

    [Fact]
    public async Task Add_AfterTheTranscriptWasErased_KeepsNothing()
    {
        var nora = await ArrangeAsync();
        var (erased, kept) = (await ImportPetsAsync(nora), await ImportPetsAsync(nora));
        await factory.ExecuteAsync("update clinical_sessions set total_segments = 0, transcript_expired_at = now(6) where id = @erased", new { erased });
        var store = factory.Services.GetRequiredService<IEmbeddingStore>();

        await store.AddAsync(ApiFactory.PracticeA, "embed-1", [new(new(erased), 0, [(Half)1, (Half)0]), new(new(kept), 0, [(Half)0.6f, (Half)0.8f])], CancellationToken.None);
        await store.AddAsync(ApiFactory.PracticeB, "embed-1", [new(new(kept), 1, [(Half)1, (Half)0])], CancellationToken.None);

        var found = await store.ReadAsync(ApiFactory.PracticeA, [new(erased), new(kept)], "embed-1", CancellationToken.None);
        Assert.Equal((new Guid(kept), 0), (Assert.Single(found).SessionId, found[0].Position));
        Assert.Equal([(Half)0.6f, (Half)0.8f], found[0].Vector);
        Assert.Empty(await store.ReadAsync(ApiFactory.PracticeB, [new(kept)], "embed-1", CancellationToken.None));
        Assert.Empty(await store.ReadAsync(ApiFactory.PracticeA, [new(kept)], "embed-2", CancellationToken.None));
    }

    [Theory]
    [InlineData("Embeddings:Model", "")]
    [InlineData("Embeddings:BaseUrl", "models.example/v1")]
    [InlineData("Embeddings:BaseUrl", "ftp://models.example/v1")]
    [InlineData("Embeddings:BatchSize", "0")]
    [InlineData("Embeddings:TimeoutSeconds", "61")]
    public void Validate_SettingsThatDoNotFit_Refused(string name, string value)
    {
        var settings = new Dictionary<string, string?> { ["Embeddings:BaseUrl"] = "https://models.example/v1", ["Embeddings:Model"] = "m", [name] = value };
        var services = new ServiceCollection().AddOptions<EmbeddingOptions>().Bind(
            new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection(EmbeddingOptions.Section)).Services;
        services.AddSingleton<IValidateOptions<EmbeddingOptions>, EmbeddingOptionsValidator>();
        using var provider = services.BuildServiceProvider();

        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<EmbeddingOptions>>().Value);
    }

    private async Task<HttpClient> ArrangeAsync()
    {
        factory.Answer();
        return await factory.CreateClientAsync(SamplePerson.Nora);
    }

    private static Task<string> ImportPetsAsync(HttpClient client) => client.ImportSessionAsync(ApiFactory.TomOkafor, "pets", "client: A dog.", "client: A kitten.");

    private static async Task AssertByWordsAsync(HttpClient client, string id)
    {
        var answer = await client.SearchTranscriptsAsync("kitten", [id]);

        Assert.Equal("unavailable: A kitten.", answer.Told());
    }

    private sealed class ImpatientFactory(EmbeddingFactory factory) : ApiFactory(factory.ConnectionString)
    {
        protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
        {
            ["Embeddings:BaseUrl"] = factory.Model.BaseUrl, ["Embeddings:ApiKey"] = "embedding-key", ["Embeddings:Model"] = "embed-1", ["Embeddings:TimeoutSeconds"] = "1",
        };
    }
}
