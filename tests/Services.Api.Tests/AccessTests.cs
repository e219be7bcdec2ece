using System.Net;
using System.Text;

namespace AiPlatform.Services.Api.Tests;

/// <summary>Who may see what: every route of the practice's data against every kind of caller.</summary>
public sealed class AccessTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string Maya = "0a000000-0000-7000-8000-000000000301";
    private const string MayasCare = "0a000000-0000-7000-8000-000000000901";
    private const string TomOkafor = "0a000000-0000-7000-8000-000000000302";
    private const string NoraProfile = "0a000000-0000-7000-8000-000000000101";
    private const string MayasSession = "0a000000-0000-7000-8000-000000040101";
    private const string TomsSession = "0a000000-0000-7000-8000-000000040201";

    public static TheoryData<string> Routes => new(
        "/api/v1/me",
        "/api/v1/clinic",
        "/api/v1/practitioners",
        $"/api/v1/practitioners/{NoraProfile}",
        "/api/v1/clients",
        "/api/v1/clients/search?query=tom",
        $"/api/v1/clients/{Maya}",
        $"/api/v1/clients/{Maya}/summary",
        $"/api/v1/clients/{Maya}/care-relations",
        $"/api/v1/care-relations/{MayasCare}",
        "/api/v1/sessions",
        "/api/v1/sessions/search",
        $"/api/v1/clients/{Maya}/consents",
        "/api/v1/me/consents",
        "/api/v1/clinic/retention",
        $"/api/v1/sessions/{MayasSession}",
        $"/api/v1/sessions/{MayasSession}?includeSegments=true");

    public static TheoryData<string> IdRoutes => new(
        $"/api/v1/clients/{Maya}",
        $"/api/v1/clients/{Maya}/summary",
        $"/api/v1/clients/{Maya}/care-relations",
        $"/api/v1/care-relations/{MayasCare}",
        $"/api/v1/sessions/{MayasSession}",
        $"/api/v1/sessions/{MayasSession}?includeSegments=true");

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task AnyRoute_NoToken_Unauthorized(string route) =>
        Assert.Equal(HttpStatusCode.Unauthorized, (await factory.CreateClient().GetAsync(route)).StatusCode);

    [Fact]
    public async Task Import_NoToken_Unauthorized() =>
        Assert.Equal(HttpStatusCode.Unauthorized, (await factory.CreateClient().PostAsync("/api/v1/sessions/import", null)).StatusCode);

    [Theory]
    [MemberData(nameof(IdRoutes))]
    [Trait("Spec", "T004-043")]
    public async Task IdRoute_OtherPractice_NotFound(string route)
    {
        var helen = await factory.CreateClientAsync(SamplePerson.Helen);

        Assert.Equal(HttpStatusCode.NotFound, (await helen.GetAsync(route)).StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/clients/search?query=tom", "Tom Beaumont")]
    [InlineData("/api/v1/clients?limit=1", "Grace Mbeki")]
    public async Task List_OtherPractice_ShowsOnlyItsOwn(string route, string name)
    {
        var helen = await factory.CreateClientAsync(SamplePerson.Helen);

        var items = (await helen.GetJsonAsync(route)).GetProperty("items").EnumerateArray();

        Assert.Equal([name], items.Select(item => item.GetProperty("name").GetString()!));
    }

    [Fact]
    public async Task SessionSearch_OtherPracticesClient_Empty()
    {
        var helen = await factory.CreateClientAsync(SamplePerson.Helen);

        Assert.Equal(0, (await helen.GetJsonAsync($"/api/v1/sessions/search?clientId={Maya}")).GetProperty("total").GetInt32());
        Assert.Equal(0, (await helen.GetJsonAsync("/api/v1/sessions/search?clientName=maya")).GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData(SamplePerson.Nora)]
    [InlineData(SamplePerson.OwnerA)]
    public async Task Transcript_ThoseWhoTreatOrLead_ReadIt(SamplePerson person)
    {
        var client = await factory.CreateClientAsync(person);

        var session = await client.GetJsonAsync($"/api/v1/sessions/{MayasSession}?includeSegments=true");

        Assert.Equal(session.GetProperty("totalSegments").GetInt32(), session.GetProperty("segments").GetArrayLength());
    }

    [Theory]
    [InlineData($"/api/v1/sessions/{MayasSession}?includeSegments=true")]
    [InlineData("/api/v1/sessions/search?keywords=sleep")]
    public async Task Transcript_Reception_Forbidden(string route)
    {
        var reception = await factory.CreateClientAsync(SamplePerson.ReceptionA);

        await (await reception.GetAsync(route)).AssertProblemAsync(HttpStatusCode.Forbidden, "session.transcript_forbidden");
    }

    [Fact]
    public async Task Reception_SeesAppointmentsAndPeople_NoNotes()
    {
        var reception = await factory.CreateClientAsync(SamplePerson.ReceptionA);

        var session = await reception.GetJsonAsync($"/api/v1/sessions/{MayasSession}");
        var summary = await reception.GetJsonAsync($"/api/v1/clients/{Maya}/summary");

        Assert.False(session.TryGetProperty("segments", out _));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, summary.GetProperty("notes").ValueKind);
    }

    [Theory]
    [InlineData($"/api/v1/clients/{TomOkafor}")]
    [InlineData($"/api/v1/clients/{TomOkafor}/summary")]
    [InlineData($"/api/v1/clients/{TomOkafor}/care-relations")]
    [InlineData("/api/v1/care-relations/0a000000-0000-7000-8000-000000000902")]
    [InlineData($"/api/v1/sessions/{TomsSession}")]
    [InlineData($"/api/v1/sessions/{TomsSession}?includeSegments=true")]
    public async Task Client_SomebodyElse_NotFound(string route)
    {
        var maya = await factory.CreateClientAsync(SamplePerson.MayaLindqvist);

        Assert.Equal(HttpStatusCode.NotFound, (await maya.GetAsync(route)).StatusCode);
    }

    [Fact]
    public async Task Client_SeesThemselfOnly()
    {
        var maya = await factory.CreateClientAsync(SamplePerson.MayaLindqvist);

        var listed = await maya.GetJsonAsync("/api/v1/clients");
        var found = await maya.GetJsonAsync("/api/v1/clients/search?query=a");
        var sessions = await maya.GetJsonAsync("/api/v1/sessions/search?limit=100");
        var own = await maya.GetJsonAsync($"/api/v1/sessions/{MayasSession}?includeSegments=true");

        Assert.Equal([Maya], listed.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
        Assert.Equal([Maya], found.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
        Assert.Equal(4, sessions.GetProperty("total").GetInt32());
        Assert.All(sessions.GetProperty("items").EnumerateArray(), item => Assert.Equal(Maya, item.GetProperty("clientId").GetString()));
        Assert.Equal(Maya, own.GetProperty("clientId").GetString());
    }

    [Theory]
    [InlineData($"clientId={TomOkafor}")]
    [InlineData("clientName=okafor")]
    public async Task ClientSearchesSessions_SomebodyElse_Empty(string query)
    {
        var maya = await factory.CreateClientAsync(SamplePerson.MayaLindqvist);

        Assert.Equal(0, (await maya.GetJsonAsync($"/api/v1/sessions/search?{query}")).GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData(SamplePerson.ReceptionA)]
    [InlineData(SamplePerson.MayaLindqvist)]
    public async Task Import_ReceptionOrClient_Forbidden(SamplePerson person)
    {
        var client = await factory.CreateClientAsync(person);

        var response = await client.PostAsync("/api/v1/sessions/import", new StringContent("{}", Encoding.UTF8, "application/json"));

        await response.AssertProblemAsync(HttpStatusCode.Forbidden, "session.import_forbidden");
    }
}
