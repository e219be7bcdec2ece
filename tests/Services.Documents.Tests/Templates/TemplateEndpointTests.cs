using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Documents.Tests.Templates;

[Collection(DocumentsFixture.Collection)]
public sealed class TemplateEndpointTests(DocumentsFixture fixture)
{
    private static readonly string[] ShippedNames =
        ["Brief Case Note", "Intake Summary", "Session Progress Note", "SOAP Note", "Treatment Plan Review"];

    [Fact]
    public async Task List_NewPractice_SeesTheShippedOnes()
    {
        using var http = fixture.ClientOf(fixture.CreatePractice());

        var list = await GetAsync(http, "");

        Assert.Equal(ShippedNames, Names(list));
        var note = list.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("name").GetString() == "Session Progress Note");
        Assert.Equal("public", note.GetProperty("type").GetString());
        Assert.Equal(
            ["clientName", "practitionerName", "practiceName", "sessionDate", "date"],
            note.GetProperty("variables").EnumerateArray().Select(variable => variable.GetString()));
    }

    [Fact]
    public async Task List_SamplePracticeInDevelopment_HasItsClinicTemplates()
    {
        using var first = fixture.ClientWith(fixture.Tokens.Issue(UserRole.Practitioner, new("0a000000-0000-7000-8000-000000000001")));
        using var second = fixture.ClientWith(fixture.Tokens.Issue(UserRole.Practitioner, new("0b000000-0000-7000-8000-000000000001")));

        Assert.Equal(["Harbour Weekly Review", "Motivational Interview Summary"], Names(await GetAsync(first, "?templateType=clinic")));
        Assert.Equal(["Closing Summary", "Referral Letter to General Practitioner"], Names(await GetAsync(second, "?templateType=clinic")));
    }

    [Fact]
    public async Task Seed_SecondStart_AddsNothing()
    {
        await using var replica = fixture.StartWith();
        using var http = fixture.ClientWith(fixture.CreatePractice().PractitionerToken, replica);

        Assert.Equal(ShippedNames, Names(await GetAsync(http, "?templateType=public")));
    }

    [Fact]
    public async Task Crud_PrivateTemplate_GoesRound()
    {
        using var http = fixture.ClientOf(fixture.CreatePractice());

        var created = await (await http.PostAsJsonAsync("/api/v1/templates", new { name = " Mine ", content = "## Ünïcode {{clientName}} 🌿" })).ReadAsync(HttpStatusCode.Created);
        var path = $"/api/v1/templates/{created.GetProperty("id").GetGuid()}";
        var updated = await (await http.PutAsJsonAsync(path, new { name = "Ours", description = "d", content = "## B", type = "private" })).ReadAsync(HttpStatusCode.OK);
        var read = await (await http.GetAsync(path)).ReadAsync(HttpStatusCode.OK);
        var deleted = await http.DeleteAsync(path);

        Assert.Equal(
            JsonSerializer.Serialize(new { id = created.GetProperty("id"), name = "Mine", description = "", type = "private", content = "## Ünïcode {{clientName}} 🌿", variables = new[] { "clientName" } }),
            JsonSerializer.Serialize(created));
        Assert.Equal("Ours", updated.GetProperty("name").GetString());
        Assert.Equal(updated.ToString(), read.ToString());
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await (await http.GetAsync(path)).AssertProblemAsync(404, "template.not_found");
        await (await http.DeleteAsync(path)).AssertProblemAsync(404, "template.not_found");
    }

    [Theory]
    [InlineData("?searchQuery=pROGress", new[] { "Session Progress Note" })]
    [InlineData("?searchQuery=note&templateType=public", new[] { "Brief Case Note", "Session Progress Note", "SOAP Note" })]
    [InlineData("?searchQuery=%25", new string[0])]
    [InlineData("?searchQuery=soap&templateType=private", new string[0])]
    public async Task List_Search_IsPartialInAnyCase(string query, string[] expected)
    {
        using var http = fixture.ClientOf(fixture.CreatePractice());

        Assert.Equal(expected, Names(await GetAsync(http, query)));
    }

    [Fact]
    public async Task List_OtherUsersAndPractices_SeeOnlyWhatIsTheirs()
    {
        var practice = fixture.CreatePractice();
        using var owner = fixture.ClientOf(practice, UserRole.Owner);
        using var colleague = fixture.ClientOf(practice);
        using var stranger = fixture.ClientOf(fixture.CreatePractice());
        var clinic = await (await owner.PostAsJsonAsync("/api/v1/templates", new { name = "Clinic one", content = "## A", type = "clinic" })).ReadAsync(HttpStatusCode.Created);
        var own = await (await owner.PostAsJsonAsync("/api/v1/templates", new { name = "Private one", content = "## A" })).ReadAsync(HttpStatusCode.Created);

        Assert.Equal(["Clinic one"], Names(await GetAsync(colleague, "?searchQuery=one")));
        Assert.Empty(Names(await GetAsync(stranger, "?searchQuery=one")));
        await (await colleague.GetAsync($"/api/v1/templates/{own.GetProperty("id")}")).AssertProblemAsync(404, "template.not_found");
        await (await stranger.GetAsync($"/api/v1/templates/{clinic.GetProperty("id")}")).AssertProblemAsync(404, "template.not_found");
    }

    [Fact]
    public async Task Write_TemplateOfOthers_IsForbidden()
    {
        using var http = fixture.ClientOf(fixture.CreatePractice());
        var shipped = (await GetAsync(http, "")).GetProperty("items")[0].GetProperty("id").GetGuid();

        await (await http.PostAsJsonAsync("/api/v1/templates", new { name = "x", content = "## A", type = "clinic" })).AssertProblemAsync(403, "template.forbidden");
        await (await http.PostAsJsonAsync("/api/v1/templates", new { name = "x", content = "## A", type = "public" })).AssertProblemAsync(403, "template.read_only");
        await (await http.PutAsJsonAsync($"/api/v1/templates/{shipped}", new { name = "x", content = "## A" })).AssertProblemAsync(403, "template.read_only");
        await (await http.DeleteAsync($"/api/v1/templates/{shipped}")).AssertProblemAsync(403, "template.read_only");
    }

    public static TheoryData<string, string, string> BadContents => new()
    {
        { "## A {{mood}}", "template.unknown_variable", "{{mood}}" },
        { "## A {{clientName", "template.malformed_variable", "{{clientName}}" },
        { "   ", "request.invalid", "" },
        { "\n\t\n", "request.invalid", "" },
        { "## A\n## a", "template.duplicate_section", "a" },
        { new string('x', 20_001), "template.too_long", "20000" },
        { string.Join('\n', Enumerable.Range(0, 41).Select(number => $"## {number}")), "template.too_many_sections", "40" },
    };

    [Theory]
    [MemberData(nameof(BadContents))]
    [Trait("Spec", "T000-235")]
    [Trait("Spec", "T000-059")]
    public async Task Add_BadContent_IsRefusedWithItsReason(string content, string code, string named)
    {
        using var http = fixture.ClientOf(fixture.CreatePractice());

        var response = await http.PostAsJsonAsync("/api/v1/templates", new { name = "x", content });

        var problem = await response.ReadAsync(HttpStatusCode.BadRequest);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Contains(named, problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"content":"## A"}""")]
    [InlineData("""{"name":"","content":"## A"}""")]
    [InlineData("""{"name":"x"}""")]
    [InlineData("""{"name":"x","content":"## A","type":"secret"}""")]
    [InlineData("{")]
    public async Task Add_BadBody_IsABadRequest(string body)
    {
        using var http = fixture.ClientOf(fixture.CreatePractice());
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        var response = await http.PostAsync("/api/v1/templates", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task List_UnknownType_IsABadRequest()
    {
        using var http = fixture.ClientOf(fixture.CreatePractice());

        await (await http.GetAsync("/api/v1/templates?templateType=secret")).AssertProblemAsync(400, "template.unknown_type");
    }

    private static async Task<JsonElement> GetAsync(HttpClient http, string query) =>
        await (await http.GetAsync($"/api/v1/templates{query}")).ReadAsync(HttpStatusCode.OK);

    private static string[] Names(JsonElement list) =>
        [.. list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!)];
}
