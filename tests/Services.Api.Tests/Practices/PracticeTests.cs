using System.Net;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Tests.Audit;
using static AiPlatform.Services.Api.Tests.Homework.HomeworkCalls;

namespace AiPlatform.Services.Api.Tests.Practices;

public sealed class PracticeTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string Clinic = "/api/v1/clinic";

    [Fact]
    public async Task Read_SamplePractice_EverythingItSaysOfItself()
    {
        // The one that no test changes.
        var helen = await factory.CreateClientAsync(SamplePerson.Helen);

        var response = await helen.GetAsync(Clinic);

        Assert.Equal("\"1\"", response.Headers.ETag!.ToString());
        Assert.Equal(
            """
            {"id":"0b000000-0000-7000-8000-000000000001","name":"Northfield Therapy Group","ownerName":"Gareth Pryce",
             "email":"office@northfield.example","phone":"+44 113 496 0100","timeZone":"Europe/London","sessionFeeMinor":6500,"currency":"GBP",
             "contacts":[{"kind":"appointments","name":"Amir Haddad","email":"amir.haddad@northfield.example","phone":"+44 113 496 0105"}],
             "locations":[{"id":"0b000000-0000-7000-8000-000000000501","name":"Northfield House","street":"82 Otley Road","city":"Leeds",
                           "postcode":"LS6 4XX","country":"United Kingdom"}]}
            """,
            (await response.ReadAsync(HttpStatusCode.OK)).GetRawText(),
            SameJson.Comparer);
    }

    [Fact]
    public async Task Read_WithoutContactsAndLocations_LeavesThemOut()
    {
        var helen = await factory.CreateClientAsync(SamplePerson.Helen);

        var bare = await helen.GetJsonAsync($"{Clinic}?includeContacts=false&includeLocations=false");

        Assert.Equal(
            """
            {"id":"0b000000-0000-7000-8000-000000000001","name":"Northfield Therapy Group","ownerName":"Gareth Pryce",
             "timeZone":"Europe/London","sessionFeeMinor":6500,"currency":"GBP"}
            """,
            bare.GetRawText(),
            SameJson.Comparer);
    }

    [Fact]
    public async Task Read_ByAClient_WithoutFees()
    {
        var maya = await factory.CreateClientAsync(SamplePerson.MayaLindqvist);

        var clinic = await maya.GetJsonAsync(Clinic);

        Assert.Equal(
            (System.Text.Json.JsonValueKind.Null, System.Text.Json.JsonValueKind.Null),
            (clinic.GetProperty("sessionFeeMinor").ValueKind, clinic.GetProperty("currency").ValueKind));
    }

    [Fact]
    public async Task Change_OnTheVersionRead_NewVersionWithEverythingSaid()
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var tag = (await owner.GetAsync(Clinic)).Headers.ETag!.ToString();
        const string Json =
            """
            {"name":" Harbour '; drop table practices; -- ","ownerName":"<b>Ingrid</b>","email":"hello@harbour.example","phone":"+44 (0)1273 550-100",
             "timeZone":"America/Argentina/Buenos_Aires","sessionFeeMinor":9900,"currency":"EUR",
             "contacts":[{"kind":"privacy","name":"Data protection","email":"dpo@harbour.example"},{"kind":"general","name":"Desk","phone":"100"}]}
            """;

        await (await owner.WriteAsync(HttpMethod.Put, Clinic, Json)).AssertProblemAsync((HttpStatusCode)428, "precondition.required");
        await (await owner.WriteAsync(HttpMethod.Put, Clinic, Json, ifMatch: "\"0\"")).AssertProblemAsync(HttpStatusCode.PreconditionFailed, "precondition.failed");
        var changed = await owner.WriteAsync(HttpMethod.Put, Clinic, Json, ifMatch: tag);
        await (await owner.WriteAsync(HttpMethod.Put, Clinic, Json, ifMatch: tag)).AssertProblemAsync(HttpStatusCode.PreconditionFailed, "precondition.failed");
        var read = await owner.GetAsync(Clinic);

        var body = await changed.ReadAsync(HttpStatusCode.OK);
        Assert.Equal((changed.Headers.ETag, body.GetRawText()), (read.Headers.ETag, (await read.ReadAsync(HttpStatusCode.OK)).GetRawText()));
        var expected = System.Text.Json.Nodes.JsonNode.Parse(body.GetRawText())!.AsObject();
        Assert.True(expected.Remove("locations"));
        Assert.Equal(
            """
            {"id":"0a000000-0000-7000-8000-000000000001","name":"Harbour '; drop table practices; --","ownerName":"<b>Ingrid</b>",
             "email":"hello@harbour.example","phone":"+44 (0)1273 550-100","timeZone":"America/Argentina/Buenos_Aires","sessionFeeMinor":9900,"currency":"EUR",
             "contacts":[{"kind":"privacy","name":"Data protection","email":"dpo@harbour.example","phone":""},
                         {"kind":"general","name":"Desk","email":"","phone":"100"}]}
            """,
            expected.ToJsonString(),
            SameJson.Comparer);
    }

    [Fact]
    public async Task Change_TwelveOnOneVersion_OneWins()
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var tag = (await owner.GetAsync(Clinic)).Headers.ETag!.ToString();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 12).Select(index => Task.Run(async () =>
            (await owner.WriteAsync(HttpMethod.Put, Clinic, Profile($"\"name\":\"{index}\""), ifMatch: tag)).StatusCode)));

        Assert.Equal([HttpStatusCode.OK, .. Enumerable.Repeat(HttpStatusCode.PreconditionFailed, 11)], statuses.Order());
    }

    [Theory]
    [InlineData("\"name\":\" \"", "name", "text.required")]
    [InlineData("\"ownerName\":null", "ownerName", "text.required")]
    [InlineData("\"timeZone\":null", "timeZone", "time_zone.unknown")]
    [InlineData("\"timeZone\":\"Europe/Atlantis\"", "timeZone", "time_zone.unknown")]
    [InlineData("\"timeZone\":\"GMT Standard Time\"", "timeZone", "time_zone.unknown")]
    [InlineData("\"timeZone\":\"../../../etc/passwd\"", "timeZone", "time_zone.unknown")]
    [InlineData("\"email\":\"Desk <desk@practice.example>\"", "email", "email.invalid")]
    [InlineData("\"email\":\"desk\"", "email", "email.invalid")]
    [InlineData("\"phone\":\"call me\"", "phone", "phone.invalid")]
    [InlineData("\"sessionFeeMinor\":-1,\"currency\":\"GBP\"", "sessionFeeMinor", "number.out_of_range")]
    [InlineData("\"sessionFeeMinor\":100000001,\"currency\":\"GBP\"", "sessionFeeMinor", "number.out_of_range")]
    [InlineData("\"sessionFeeMinor\":7500", "currency", "currency.required")]
    [InlineData("\"currency\":\"gbp\"", "currency", "currency.unknown")]
    [InlineData("\"contacts\":[null]", "contacts[0].kind", "contact.kind_unknown")]
    [InlineData("\"contacts\":[{\"kind\":\"billing\",\"name\":\"x\"}]", "contacts[0].email", "contact.unreachable")]
    [InlineData("\"contacts\":[{\"kind\":\"billing\",\"email\":\"a@b.example\"}]", "contacts[0].name", "text.required")]
    [InlineData("\"contacts\":[{\"kind\":\"billing\",\"name\":\"x\",\"phone\":\"1\",\"id\":1}]", "contacts[0].id", "request.member_invalid")]
    [InlineData("\"practiceId\":\"0b000000-0000-7000-8000-000000000001\"", "practiceId", "request.member_invalid")]
    [InlineData("\"sessionFeeMinor\":7.5", "sessionFeeMinor", "request.member_invalid")]
    public async Task Change_FaultyBody_TellsTheFieldAndStoresNothing(string members, string field, string fault)
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var before = await owner.GetAsync(Clinic);

        var problem = await (await owner.WriteAsync(HttpMethod.Put, Clinic, Profile(members), ifMatch: "*")).ReadAsync(HttpStatusCode.BadRequest);

        var error = problem.GetProperty("errors")[0];
        Assert.Equal((field, fault), (error.GetProperty("field").GetString(), error.GetProperty("code").GetString()));
        Assert.Equal(before.Headers.ETag, (await owner.GetAsync(Clinic)).Headers.ETag);
    }

    [Fact]
    public async Task Change_TooManyContacts_Refused()
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var contacts = string.Join(',', Enumerable.Repeat("""{"kind":"general","name":"x","phone":"1"}""", 21));

        var problem = await (await owner.WriteAsync(HttpMethod.Put, Clinic, Profile($"\"contacts\":[{contacts}]"), ifMatch: "*")).ReadAsync(HttpStatusCode.BadRequest);

        Assert.Equal("list.too_long", problem.GetProperty("errors")[0].GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(UserRole.Practitioner)]
    [InlineData(UserRole.Reception)]
    [InlineData(UserRole.Client)]
    [InlineData(UserRole.Service)]
    public async Task Write_ByOneWhoDoesNotLead_Forbidden(UserRole role)
    {
        using var person = await factory.CreateCallerAsync(role, ApiFactory.PracticeA);
        var location = $"{Clinic}/locations/0a000000-0000-7000-8000-000000000501";

        // Told before anything of the body is read.
        await (await person.WriteAsync(HttpMethod.Put, Clinic, "{", ifMatch: "*")).AssertProblemAsync(HttpStatusCode.Forbidden, "practice.change_forbidden");
        await (await person.WriteAsync(HttpMethod.Post, $"{Clinic}/locations", "{", NewKey())).AssertProblemAsync(HttpStatusCode.Forbidden, "practice.change_forbidden");
        await (await person.WriteAsync(HttpMethod.Put, location, "{", ifMatch: "*")).AssertProblemAsync(HttpStatusCode.Forbidden, "practice.change_forbidden");
        await (await person.WriteAsync(HttpMethod.Delete, location, "", ifMatch: "*")).AssertProblemAsync(HttpStatusCode.Forbidden, "practice.change_forbidden");
    }

    [Fact]
    public async Task Change_ByAnAdmin_Taken()
    {
        using var admin = await factory.CreateCallerAsync(UserRole.Admin, ApiFactory.PracticeA);

        var changed = await (await admin.WriteAsync(HttpMethod.Put, Clinic, Profile("\"name\":\"By an admin\""), ifMatch: "*")).ReadAsync(HttpStatusCode.OK);

        Assert.Equal("By an admin", changed.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Practice_ThatIsNotThere_NotFound()
    {
        using var owner = await factory.CreateCallerAsync(UserRole.Owner, Guid.CreateVersion7());

        await (await owner.GetAsync(Clinic)).AssertProblemAsync(HttpStatusCode.NotFound, "practice.not_found");
        await (await owner.WriteAsync(HttpMethod.Put, Clinic, Profile("\"email\":\"a@b.example\""), ifMatch: "*")).AssertProblemAsync(HttpStatusCode.NotFound, "practice.not_found");
        await (await owner.WriteAsync(HttpMethod.Post, $"{Clinic}/locations", LocationTests.Attic, NewKey())).AssertProblemAsync(HttpStatusCode.NotFound, "practice.not_found");
    }

    // A sound profile, but for the members given.
    private static string Profile(string members)
    {
        var profile = System.Text.Json.Nodes.JsonNode.Parse("""{"name":"x","ownerName":"y","timeZone":"Europe/London"}""")!.AsObject();
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse($"{{{members}}}")!.AsObject().ToList())
        {
            profile[name] = value?.DeepClone();
        }

        return profile.ToJsonString();
    }
}
