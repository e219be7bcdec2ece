using System.Net;
using System.Text.Json;
using AiPlatform.Services.Api.Tests.Audit;
using static AiPlatform.Services.Api.Tests.Homework.HomeworkCalls;

namespace AiPlatform.Services.Api.Tests.Practices;

public sealed class LocationTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    public const string Attic = """{"name":"Attic","street":"1 Hill Street","city":"Leeds","postcode":"LS1 1XX","country":"United Kingdom"}""";
    private const string Locations = "/api/v1/clinic/locations";

    [Fact]
    public async Task Location_AddedChangedRemoved_MovesTheVersionOfTheClinicEachTime()
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        owner.DefaultRequestHeaders.Add("X-Correlation-Id", "locations-1");
        var (before, version) = await ReadAsync(owner);

        var added = await owner.WriteAsync(HttpMethod.Post, Locations, Attic, NewKey());
        var location = await added.ReadAsync(HttpStatusCode.Created);
        var id = location.Id();
        var path = $"{Locations}/{id}";
        await (await owner.WriteAsync(HttpMethod.Put, path, Attic)).AssertProblemAsync((HttpStatusCode)428, "precondition.required");
        await (await owner.WriteAsync(HttpMethod.Put, path, Attic, ifMatch: Tag(version))).AssertProblemAsync(HttpStatusCode.PreconditionFailed, "precondition.failed");
        var changed = await owner.WriteAsync(HttpMethod.Put, path, """{"name":"Cellar","street":"2","city":"York","country":"UK"}""", ifMatch: Tag(version + 1));
        var (during, _) = await ReadAsync(owner);
        await (await owner.WriteAsync(HttpMethod.Delete, path, "")).AssertProblemAsync((HttpStatusCode)428, "precondition.required");
        await (await owner.WriteAsync(HttpMethod.Delete, path, "", ifMatch: Tag(version + 1))).AssertProblemAsync(HttpStatusCode.PreconditionFailed, "precondition.failed");
        var removed = await owner.WriteAsync(HttpMethod.Delete, path, "", ifMatch: Tag(version + 2));

        Assert.Equal(
            (Tag(version + 1), Tag(version + 2), HttpStatusCode.NoContent, Tag(version + 3)),
            (added.Headers.ETag!.ToString(), changed.Headers.ETag!.ToString(), removed.StatusCode, removed.Headers.ETag!.ToString()));
        Assert.Equal($$"""{"id":"{{id}}",{{Attic[1..]}}""", location.GetRawText(), SameJson.Comparer);
        Assert.Equal(
            [$$"""{"id":"{{id}}","name":"Cellar","street":"2","city":"York","postcode":"","country":"UK"}""", .. before],
            during);
        Assert.Equal((string.Join('|', before), version + 3), (string.Join('|', (await ReadAsync(owner)).Locations), (await ReadAsync(owner)).Version));
        Assert.Equal(
            $"owner location.added location {id} success\nowner location.changed location {id} success\nowner location.removed location {id} success",
            await factory.ReadAuditAsync("locations-1", 3));
    }

    [Fact]
    public async Task Add_TwelveTwins_MakeOneLocation()
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var (before, key) = (await ReadAsync(owner), NewKey());

        var responses = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => owner.WriteAsync(HttpMethod.Post, Locations, Attic, key))));
        var after = await ReadAsync(owner);

        Assert.Equal(
            [HttpStatusCode.Created, .. Enumerable.Repeat(HttpStatusCode.OK, 11)], responses.Select(response => response.StatusCode).OrderDescending());
        Assert.Equal((before.Locations.Count + 1, before.Version + 1), (after.Locations.Count, after.Version));
        await (await owner.WriteAsync(HttpMethod.Post, Locations, Attic.Replace("Attic", "Other"), key)).AssertProblemAsync(HttpStatusCode.Conflict, "idempotency.key_reused");
    }

    [Fact]
    public async Task Add_BeyondFifty_Refused()
    {
        var helens = await factory.CreateClientAsync("gareth.pryce@northfield.example", "demo-password-13");
        for (var count = (await ReadAsync(helens)).Locations.Count; count < 50; count++)
        {
            await (await helens.WriteAsync(HttpMethod.Post, Locations, Attic, NewKey())).ReadAsync(HttpStatusCode.Created);
        }

        await (await helens.WriteAsync(HttpMethod.Post, Locations, Attic, NewKey())).AssertProblemAsync(HttpStatusCode.Conflict, "location.too_many");

        Assert.Equal(50, (await ReadAsync(helens)).Locations.Count);
    }

    [Theory]
    [InlineData("""{"street":"1","city":"x","country":"x"}""", "name", "text.required")]
    [InlineData("""{"name":"x","city":"x","country":"x"}""", "street", "text.required")]
    [InlineData("""{"name":"x","street":"1","country":"x"}""", "city", "text.required")]
    [InlineData("""{"name":"x","street":"1","city":"x"}""", "country", "text.required")]
    [InlineData("""{"name":"x","street":"1","city":"x","country":"x","postcode":"123456789012345678901"}""", "postcode", "text.too_long")]
    [InlineData("""{"name":"x\u0007","street":"1","city":"x","country":"x"}""", "name", "text.control_character")]
    [InlineData("""{"name":"x","street":"1","city":"x","country":"x","id":"x"}""", "id", "request.member_invalid")]
    public async Task Write_FaultyBody_TellsTheFieldAndStoresNothing(string json, string field, string fault)
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var (_, version) = await ReadAsync(owner);

        var added = await (await owner.WriteAsync(HttpMethod.Post, Locations, json, NewKey())).ReadAsync(HttpStatusCode.BadRequest);
        var changed = await (await owner.WriteAsync(HttpMethod.Put, $"{Locations}/0a000000-0000-7000-8000-000000000501", json, ifMatch: "*"))
            .ReadAsync(HttpStatusCode.BadRequest);

        Assert.All(
            [added, changed],
            problem => Assert.Equal(
                (field, fault),
                (problem.GetProperty("errors")[0].GetProperty("field").GetString(), problem.GetProperty("errors")[0].GetProperty("code").GetString())));
        Assert.Equal(version, (await ReadAsync(owner)).Version);
    }

    [Theory]
    [InlineData("0a000000-0000-7000-8000-00000000dead")]
    [InlineData("0b000000-0000-7000-8000-000000000501")]
    public async Task Location_UnknownOrOfAnotherPractice_NotFound(string id)
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);

        await (await owner.WriteAsync(HttpMethod.Put, $"{Locations}/{id}", Attic, ifMatch: "*")).AssertProblemAsync(HttpStatusCode.NotFound, "location.not_found");
        await (await owner.WriteAsync(HttpMethod.Delete, $"{Locations}/{id}", "", ifMatch: "*")).AssertProblemAsync(HttpStatusCode.NotFound, "location.not_found");
    }

    private static string Tag(int version) => $"\"{version}\"";

    private static async Task<(IReadOnlyList<string> Locations, int Version)> ReadAsync(HttpClient owner)
    {
        var response = await owner.GetAsync("/api/v1/clinic");
        JsonElement clinic = await response.ReadAsync(HttpStatusCode.OK);
        return (
            [.. clinic.GetProperty("locations").EnumerateArray().Select(location => location.GetRawText())],
            int.Parse(response.Headers.ETag!.Tag.Trim('"'), System.Globalization.CultureInfo.InvariantCulture));
    }
}
