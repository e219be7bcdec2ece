using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests;

/// <summary>Every route, asked for practice A's data by every role of practice B. A route that is not in the table fails the first test.</summary>
public sealed class IsolationTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string Nobodys = "0c000000-0000-7000-8000-00000000dead";
    private const string OwnerUser = "0a000000-0000-7000-8000-000000000204";
    internal const string NoraUser = "0a000000-0000-7000-8000-000000000201";
    internal const string NoraProfile = "0a000000-0000-7000-8000-000000000101";
    internal const string HelenProfile = "0b000000-0000-7000-8000-000000000101";
    private const string HoveRooms = "0a000000-0000-7000-8000-000000000502";
    internal const string Maya = "0a000000-0000-7000-8000-000000000301";
    internal const string MayasCare = "0a000000-0000-7000-8000-000000000901";
    private const string PriyaProfile = "0a000000-0000-7000-8000-000000000103";
    internal const string MayasSession = "0a000000-0000-7000-8000-000000040101";
    internal const string MayasHomework = "0a000000-0000-7000-8000-000000000601";
    internal const string MayasReport = "0a000000-0000-7000-8000-000000000c01";
    private const string DanielsViolation = "0a000000-0000-7000-8000-000000000801";
    internal const string MayasResult = "0a000000-0000-7000-8000-000000000701";

    private static readonly UserRole[] TreatNobody = [UserRole.Reception, UserRole.Client, UserRole.Service];
    private static readonly UserRole[] KeepNoClients = [UserRole.Client, UserRole.Service];
    private static readonly UserRole[] ArrangeNoCare = [UserRole.Practitioner, UserRole.Client, UserRole.Service];
    private static readonly UserRole[] AllButClients = [UserRole.Owner, UserRole.Practitioner, UserRole.Reception, UserRole.Admin, UserRole.Service];

    // Ids of the sample's practice A, and words that only its people and transcripts have.
    private static readonly string[] SignsOfA = ["0a000000-", "Harbour", "Lindqvist", "Okafor", "Nora", "zopiclone"];

    private static readonly UserRole[] NotLeading = [UserRole.Practitioner, UserRole.Reception, UserRole.Client, UserRole.Service];

    // {thing} is the id in question; a code means that whoever may ask at all is told that there is no such thing.
    internal static readonly Row[] Table =
    [
        new("GET", "/api/v1/clients/{id:guid}", "/api/v1/clients/{thing}", Maya, "client.not_found"),
        new("GET", "/api/v1/clients/{id:guid}/summary", "/api/v1/clients/{thing}/summary", Maya, "client.not_found"),
        new("GET", "/api/v1/sessions/{id:guid}", "/api/v1/sessions/{thing}", MayasSession, "session.not_found"),
        new("GET", "/api/v1/sessions/{id:guid}", "/api/v1/sessions/{thing}?includeSegments=true", MayasSession, "session.not_found"),
        new("POST", "/api/v1/sessions/import", "/api/v1/sessions/import?clientId={thing}&startedAt=2026-11-18T17:00:00Z&title=x", Maya, "client.not_found")
        {
            Body = "speaker,time,text\nclient,1,x\n", Created = true, Forbidden = TreatNobody, ForbiddenCode = "session.import_forbidden",
        },
        new("GET", "/api/v1/sessions", "/api/v1/sessions?limit=100", Maya),
        new("GET", "/api/v1/sessions", "/api/v1/sessions?clientId={thing}", Maya),
        new("POST", "/api/v1/sessions", "/api/v1/sessions", Maya, "client.not_found")
        {
            Json = """{"clientId":"{thing}","title":"A talk","startedAt":"2026-11-18T17:00:00Z","durationSeconds":3000,"status":"held"}""", Created = true,
            Forbidden = [UserRole.Client], ForbiddenCode = "session.write_forbidden",
        },
        new("PUT", "/api/v1/sessions/{id:guid}", "/api/v1/sessions/{thing}", MayasSession, "session.not_found")
        {
            Json = """{"title":"A talk","startedAt":"2026-06-02T08:00:00Z","durationSeconds":843,"status":"held"}""",
            Forbidden = [UserRole.Client], ForbiddenCode = "session.write_forbidden",
        },
        new("POST", "/api/v1/sessions/validate", "/api/v1/sessions/validate", MayasSession)
        {
            Json = """{"sessions":[{"sessionId":"{thing}","clientId":"{thing}"}]}""", NamesWhatWasAsked = true,
        },
        new("POST", "/api/v1/sessions/semantic-search", "/api/v1/sessions/semantic-search", MayasSession)
        {
            Json = """{"query":"zopiclone","sessionIds":["{thing}"]}""", Forbidden = [UserRole.Reception], ForbiddenCode = "session.transcript_forbidden",
        },
        new("POST", "/api/v1/sessions/{id:guid}/analyze", "/api/v1/sessions/{thing}/analyze", MayasSession, "session.not_found")
        {
            Json = """{"analysisType":"topics"}""",
        },
        new("GET", "/api/v1/clients/{id:guid}/consents", "/api/v1/clients/{thing}/consents", Maya, "client.not_found"),
        new("POST", "/api/v1/clients/{id:guid}/consents", "/api/v1/clients/{thing}/consents", Maya, "client.not_found")
        {
            Json = """{"kind":"recording","status":"given"}""", Created = true, Forbidden = [UserRole.Service], ForbiddenCode = "consent.record_forbidden",
        },
        new("GET", "/api/v1/me/consents", "/api/v1/me/consents", Maya)
        {
            As = SamplePerson.MayaLindqvist, OwnClientOnly = true, Forbidden = AllButClients, ForbiddenCode = "consent.clients_only",
        },
        new("POST", "/api/v1/me/consents", "/api/v1/me/consents", Maya)
        {
            As = SamplePerson.MayaLindqvist, OwnClientOnly = true, Json = """{"kind":"recording","status":"given"}""", Created = true,
            Forbidden = AllButClients, ForbiddenCode = "consent.clients_only",
        },
        new("GET", "/api/v1/clinic/retention", "/api/v1/clinic/retention", Maya)
        {
            IsBare = true, Forbidden = NotLeading, ForbiddenCode = "retention.forbidden",
        },
        new("PUT", "/api/v1/clinic/retention", "/api/v1/clinic/retention", Maya)
        {
            Json = """{"transcripts":"kept"}""", IsBare = true, Forbidden = NotLeading, ForbiddenCode = "retention.forbidden",
        },
        new("GET", "/api/v1/clients", "/api/v1/clients?limit=100", Maya),
        new("GET", "/api/v1/clients", "/api/v1/clients?limit=100&cursor={thing}", Maya) { CursorOfThing = true },
        new("GET", "/api/v1/clients", "/api/v1/clients?limit=100&sort=newest&includeInactive=true&practitionerId={thing}", NoraProfile),
        new("POST", "/api/v1/clients", "/api/v1/clients", PriyaProfile)
        {
            Json = """{"name":"Somebody","dateOfBirth":"1990-01-01","practitionerId":"{thing}"}""", Created = true,
            Forbidden = KeepNoClients, ForbiddenCode = "client.write_forbidden",
            Refused = role => role is UserRole.Practitioner
                ? (HttpStatusCode.Forbidden, "client.practitioner_forbidden")
                : (HttpStatusCode.BadRequest, "client.invalid"),
        },
        new("PUT", "/api/v1/clients/{id:guid}", "/api/v1/clients/{thing}", Maya, "client.not_found")
        {
            Json = """{"name":"Maya Lindqvist","dateOfBirth":"1989-04-17"}""", Forbidden = KeepNoClients, ForbiddenCode = "client.write_forbidden",
        },
        new("GET", "/api/v1/clients/{id:guid}/care-relations", "/api/v1/clients/{thing}/care-relations", Maya, "client.not_found"),
        new("POST", "/api/v1/clients/{id:guid}/care-relations", "/api/v1/clients/{thing}/care-relations", Maya, "client.not_found")
        {
            Json = $$"""{"practitionerId":"{{PriyaProfile}}","kind":"joint","startedOn":"2026-11-20"}""", Created = true,
            Forbidden = ArrangeNoCare, ForbiddenCode = "care.arrange_forbidden",
        },
        new("GET", "/api/v1/care-relations/{id:guid}", "/api/v1/care-relations/{thing}", MayasCare, "care.not_found"),
        new("PUT", "/api/v1/care-relations/{id:guid}", "/api/v1/care-relations/{thing}", MayasCare, "care.not_found")
        {
            Json = """{"startedOn":"2026-06-02"}""", Forbidden = ArrangeNoCare, ForbiddenCode = "care.arrange_forbidden",
        },
        new("GET", "/api/v1/clients/search", "/api/v1/clients/search?query={thing}", Maya),
        new("GET", "/api/v1/clients/search", "/api/v1/clients/search?query=Lindqvist&detail=full", Maya),
        new("GET", "/api/v1/clients/search", "/api/v1/clients/search?query=Lindqvist", Maya),
        new("GET", "/api/v1/sessions/search", "/api/v1/sessions/search?limit=100", Maya),
        new("GET", "/api/v1/sessions/search", "/api/v1/sessions/search?clientId={thing}", Maya),
        new("GET", "/api/v1/sessions/search", "/api/v1/sessions/search?clientName=Lindqvist", Maya),
        new("GET", "/api/v1/sessions/search", "/api/v1/sessions/search?keywords=zopiclone", Maya)
        {
            Forbidden = [UserRole.Reception], ForbiddenCode = "session.transcript_forbidden",
        },
        new("GET", "/api/v1/clinic", "/api/v1/clinic", Maya),
        new("PUT", "/api/v1/clinic", "/api/v1/clinic", Maya)
        {
            Json = """{"name":"A practice","ownerName":"Somebody","timeZone":"Europe/Paris"}""",
            Forbidden = NotLeading, ForbiddenCode = "practice.change_forbidden",
        },
        new("POST", "/api/v1/clinic/locations", "/api/v1/clinic/locations", Maya)
        {
            Json = """{"name":"Attic","street":"1 Street","city":"Leeds","country":"United Kingdom"}""", Created = true, IsBare = true, Moving = true,
            Forbidden = NotLeading, ForbiddenCode = "practice.change_forbidden",
        },
        new("PUT", "/api/v1/clinic/locations/{id:guid}", "/api/v1/clinic/locations/{thing}", HoveRooms, "location.not_found")
        {
            Json = """{"name":"Attic","street":"1 Street","city":"Leeds","country":"United Kingdom"}""",
            Forbidden = NotLeading, ForbiddenCode = "practice.change_forbidden",
        },
        new("DELETE", "/api/v1/clinic/locations/{id:guid}", "/api/v1/clinic/locations/{thing}", HoveRooms, "location.not_found")
        {
            Removed = true, IsBare = true, Forbidden = NotLeading, ForbiddenCode = "practice.change_forbidden",
        },
        new("GET", "/api/v1/practitioners", "/api/v1/practitioners", Maya),
        new("POST", "/api/v1/practitioners", "/api/v1/practitioners", Maya)
        {
            Json = """{"name":"Somebody"}""", Created = true, IsBare = true, Moving = true,
            Forbidden = NotLeading, ForbiddenCode = "practitioner.change_forbidden",
        },
        new("GET", "/api/v1/practitioners/{id:guid}", "/api/v1/practitioners/{thing}", NoraProfile, "practitioner.not_found"),
        new("PUT", "/api/v1/practitioners/{id:guid}", "/api/v1/practitioners/{thing}", NoraProfile, "practitioner.not_found")
        {
            Json = """{"name":"Somebody"}""", Forbidden = NotLeading, ForbiddenCode = "practitioner.change_forbidden",
        },
        new("GET", "/api/v1/clients/{id:guid}/homework", "/api/v1/clients/{thing}/homework", Maya, "client.not_found"),
        new("POST", "/api/v1/clients/{id:guid}/homework", "/api/v1/clients/{thing}/homework", Maya, "client.not_found")
        {
            Json = """{"title":"A walk"}""", Created = true, Forbidden = TreatNobody, ForbiddenCode = "homework.assign_forbidden",
        },
        new("GET", "/api/v1/homework/assignments/{id:guid}", "/api/v1/homework/assignments/{thing}", MayasHomework, "homework.not_found"),
        new("PUT", "/api/v1/homework/assignments/{id:guid}", "/api/v1/homework/assignments/{thing}", MayasHomework, "homework.not_found")
        {
            Json = """{"title":"A walk","status":"active"}""", Forbidden = TreatNobody, ForbiddenCode = "homework.assign_forbidden",
        },
        new("GET", "/api/v1/homework/assignments/{id:guid}/results", "/api/v1/homework/assignments/{thing}/results", MayasHomework, "homework.not_found")
        {
            Forbidden = [UserRole.Reception], ForbiddenCode = "homework.results_forbidden",
        },
        new("POST", "/api/v1/homework/assignments/{id:guid}/results", "/api/v1/homework/assignments/{thing}/results", MayasHomework, "homework.not_found")
        {
            As = SamplePerson.MayaLindqvist, Json = """{"answers":[{"questionId":"q1","value":3}]}""", Created = true,
            Forbidden = AllButClients, ForbiddenCode = "homework.submit_forbidden",
        },
        new("GET", "/api/v1/homework/results/{id:guid}", "/api/v1/homework/results/{thing}", MayasResult, "homework.result_not_found")
        {
            Forbidden = [UserRole.Reception], ForbiddenCode = "homework.results_forbidden",
        },
        new("PUT", "/api/v1/homework/results/{id:guid}/feedback", "/api/v1/homework/results/{thing}/feedback", MayasResult, "homework.result_not_found")
        {
            Json = """{"feedback":"Well kept."}""", Forbidden = TreatNobody, ForbiddenCode = "homework.assign_forbidden",
        },
        // First, so that those who read it find something in the last days, whatever day it is.
        new("POST", "/api/v1/me/mood", "/api/v1/me/mood", Maya)
        {
            As = SamplePerson.MayaLindqvist, OwnClientOnly = true, Json = """{"mood":"calm","scale":7,"note":"Nora"}""", Created = true,
            Forbidden = AllButClients, ForbiddenCode = "mood.clients_only",
        },
        new("GET", "/api/v1/clients/{id:guid}/mood", "/api/v1/clients/{thing}/mood", Maya, "client.not_found")
        {
            Forbidden = [UserRole.Reception], ForbiddenCode = "mood.forbidden",
        },
        new("GET", "/api/v1/me/mood", "/api/v1/me/mood", Maya)
        {
            As = SamplePerson.MayaLindqvist, OwnClientOnly = true, Forbidden = AllButClients, ForbiddenCode = "mood.clients_only",
        },
        new("GET", "/api/v1/clinic/stats", "/api/v1/clinic/stats?from=2026-06-01&to=2026-06-30&includeBilling=true&includeAppointments=true", Maya)
        {
            ByProfile = [UserRole.Practitioner], Forbidden = [UserRole.Client, UserRole.Service], ForbiddenCode = "stats.forbidden",
        },
        new("GET", "/api/v1/practitioners/me/today", "/api/v1/practitioners/me/today", Maya)
        {
            As = SamplePerson.Nora, Moving = true, ByProfile = [UserRole.Owner, UserRole.Practitioner, UserRole.Reception, UserRole.Admin],
            Forbidden = [UserRole.Client, UserRole.Service], ForbiddenCode = "practitioner.profile_required",
        },
        new("POST", "/api/v1/reports", "/api/v1/reports", Maya, "client.not_found")
        {
            Json = """{"reportType":"session_summary","clientId":"{thing}"}""", Created = true,
            Forbidden = [UserRole.Reception, UserRole.Client, UserRole.Service], ForbiddenCode = "report.forbidden",
        },
        new("GET", "/api/v1/reports", "/api/v1/reports", Maya) { Forbidden = [UserRole.Client, UserRole.Service], ForbiddenCode = "report.forbidden" },
        new("GET", "/api/v1/reports", "/api/v1/reports?clientId={thing}", Maya) { Forbidden = [UserRole.Client, UserRole.Service], ForbiddenCode = "report.forbidden" },
        new("GET", "/api/v1/reports/{id:guid}", "/api/v1/reports/{thing}", MayasReport, "report.not_found")
        {
            Forbidden = [UserRole.Client, UserRole.Service], ForbiddenCode = "report.forbidden",
        },
        new("GET", "/api/v1/reports/{id:guid}/download", "/api/v1/reports/{thing}/download", MayasReport, "report.not_found")
        {
            Forbidden = [UserRole.Client, UserRole.Service], ForbiddenCode = "report.forbidden",
        },
        new("POST", "/api/v1/violations", "/api/v1/violations", NoraProfile)
        {
            As = SamplePerson.Nora, Json = """{"profileId":"{thing}","violationType":"diagnosis_request","reason":"x"}""", Created = true,
            Forbidden = [.. AllButClients, UserRole.Client], ForbiddenCode = "violation.profile_forbidden",
        },
        new("POST", "/api/v1/violations", "/api/v1/violations", Maya, "client.not_found")
        {
            As = SamplePerson.Nora, Json = $$"""{"profileId":"{{NoraProfile}}","clientId":"{thing}","violationType":"diagnosis_request","reason":"x"}""", Created = true,
            Forbidden = [.. AllButClients, UserRole.Client], ForbiddenCode = "violation.profile_forbidden",
        },
        new("GET", "/api/v1/violations", "/api/v1/violations", NoraProfile)
        {
            Forbidden = NotLeading, ForbiddenCode = "violation.read_forbidden",
        },
        new("GET", "/api/v1/violations", "/api/v1/violations?profileId={thing}", NoraProfile)
        {
            IsBare = true, Forbidden = NotLeading, ForbiddenCode = "violation.read_forbidden",
        },
        new("GET", "/api/v1/violations/{id:guid}", "/api/v1/violations/{thing}", DanielsViolation, "violation.not_found")
        {
            Forbidden = NotLeading, ForbiddenCode = "violation.read_forbidden",
        },
        new("GET", "/fhir/Patient/{id}", "/fhir/Patient/{thing}", Maya, "client.not_found"),
        new("GET", "/fhir/Practitioner/{id}", "/fhir/Practitioner/{thing}", NoraProfile, "practitioner.not_found"),
        new("GET", "/fhir/Encounter/{id}", "/fhir/Encounter/{thing}", MayasSession, "session.not_found"),
        new("GET", "/fhir/Patient", "/fhir/Patient", Maya),
        new("GET", "/fhir/Patient", "/fhir/Patient?_id={thing}", Maya) { TellsTheQuery = true },
        new("GET", "/fhir/Practitioner", "/fhir/Practitioner", Maya),
        new("GET", "/fhir/Practitioner", "/fhir/Practitioner?_id={thing}", NoraProfile) { TellsTheQuery = true },
        new("GET", "/fhir/Encounter", "/fhir/Encounter", Maya),
        new("GET", "/fhir/Encounter", "/fhir/Encounter?patient={thing}", Maya) { TellsTheQuery = true },
        new("GET", "/fhir/Encounter", "/fhir/Encounter?_id={thing}", MayasSession) { TellsTheQuery = true },
        new("GET", "/api/v1/me", "/api/v1/me", Maya) { UnknownUser = "user.not_found" },
        new("GET", "/api/v1/users/active", "/api/v1/users/active?id={thing}", OwnerUser)
        {
            Asker = UserRole.Service, Forbidden = [UserRole.Owner, UserRole.Practitioner, UserRole.Reception, UserRole.Client, UserRole.Admin],
            ForbiddenCode = "user.list_forbidden",
        },
        new("POST", "/api/v1/auth/logout", "/api/v1/auth/logout", Maya)
        {
            Forbidden = [UserRole.Service], ForbiddenCode = "auth.not_signed_in", IsBare = true, Moving = true,
        },
        new("GET", "/api/v1/audit/events", "/api/v1/audit/events?action=auth.signed_in&user={thing}", OwnerUser)
        {
            Forbidden = NotLeading, ForbiddenCode = "audit.read_forbidden",
        },
        new("GET", "/api/v1/audit/verify", "/api/v1/audit/verify", Maya)
        {
            Forbidden = NotLeading, ForbiddenCode = "audit.read_forbidden", Moving = true,
        },
        new("POST", "/api/v1/audit/events", "/api/v1/audit/events", Maya)
        {
            Json = """{"events":[{"eventId":"{new}","occurredAt":"{now}","role":"client","action":"thread.read","recordType":"thread","recordId":"{thing}","outcome":"success","correlationId":"c"}]}""",
            Asker = UserRole.Service, IsBare = true,
            Forbidden = [UserRole.Owner, UserRole.Practitioner, UserRole.Reception, UserRole.Client, UserRole.Admin], ForbiddenCode = "audit.intake_forbidden",
        },
    ];

    // Of no practice, and so for everybody.
    private static readonly string[] Open =
    [
        "/.well-known/jwks.json", "/.well-known/openid-configuration", "/alive", "/api/v1/auth/login", "/api/v1/auth/refresh", "/api/v1/sample-users",
        "/connect/token", "/fhir/metadata", "/health", "/openapi/{documentName}.json",
    ];

    [Fact]
    public void Routes_OfTheService_AreAllInTheTable()
    {
        var mapped = factory.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        var open = mapped.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null);
        var closed = mapped.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null);

        Assert.Equal(Open, open.Select(PatternOf).Distinct().Order(StringComparer.Ordinal));
        var routes = closed.Select(endpoint => (Method: endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single(), Pattern: PatternOf(endpoint))).ToList();
        var missing = routes.Except(Table.Select(row => (row.Method, row.Pattern))).Select(route =>
            $"Add to Table, with an id of practice A and the code of a stranger: new(\"{route.Method}\", \"{route.Pattern}\", \"{route.Pattern.Replace("{id:guid}", "{thing}", StringComparison.Ordinal)}\", Maya, \"...not_found\")");
        Assert.True(!missing.Any(), string.Join('\n', missing));
        Assert.Empty(Table.Select(row => (row.Method, row.Pattern)).Except(routes));
    }

    [Fact]
    public async Task EveryRoute_OwnPractice_IsAnswered()
    {
        foreach (var row in Table)
        {
            using var person = row.Asker is { } role
                ? await CreateCallerAsync(role, ApiFactory.PracticeA, ofA: true)
                : await factory.CreateClientAsync(row.As);
            var response = await SendAsync(person, row, row.Thing);
            var body = await response.Content.ReadAsStringAsync();
            var expected = row.Created ? HttpStatusCode.Created : row.Removed ? HttpStatusCode.NoContent : HttpStatusCode.OK;
            Assert.True(response.StatusCode == expected, $"{row.Path}: {response.StatusCode}");
            Assert.True(SignsOfA.Any(sign => body.Contains(sign, StringComparison.Ordinal)) || row.Path.EndsWith("query={thing}", StringComparison.Ordinal) || row.IsBare, body);
        }
    }

    public static TheoryData<UserRole, string?> Strangers => new()
    {
        { UserRole.Owner, null }, { UserRole.Practitioner, null }, { UserRole.Reception, null },
        { UserRole.Client, null }, { UserRole.Admin, null }, { UserRole.Service, null },

        // As if a token of B could name people of A: the practice alone decides.
        { UserRole.Owner, "of A" }, { UserRole.Practitioner, "of A" }, { UserRole.Client, "of A" },
    };

    [Theory]
    [MemberData(nameof(Strangers))]
    [Trait("Spec", "T004-043")]
    public async Task EveryRoute_OtherPractice_KnowsNothingOfIt(UserRole role, string? ids)
    {
        using var stranger = await CreateCallerAsync(role, ApiFactory.PracticeB, ofA: ids is not null);

        // What a client of B reads and writes of their own is no stranger's.
        foreach (var row in Table.Where(row => !(row.OwnClientOnly && role is UserRole.Client && ids is null)))
        {
            var answer = await ReadAsync(await SendAsync(stranger, row, row.Thing), row.Told(row.Thing));
            var expected = row switch
            {
                _ when row.Forbidden.Contains(role) || (row.ByProfile.Contains(role) && ids is not null) => (HttpStatusCode.Forbidden, row.ForbiddenCode),
                { Refused: { } refused } => refused(role),
                { Code: { } code } => (HttpStatusCode.NotFound, code),
                { OwnClientOnly: true } => (HttpStatusCode.NotFound, "client.not_found"),
                { UnknownUser: { } code } when role is not UserRole.Service => (HttpStatusCode.NotFound, code),
                { Created: true } => (HttpStatusCode.Created, null),
                _ => (HttpStatusCode.OK, null),
            };

            Assert.True(expected == (answer.Status, answer.Code), $"{role} {row.Path}: expected {expected}, was {answer}");
            Assert.True(!SignsOfA.Any(sign => answer.Body.Contains(sign, StringComparison.Ordinal)), $"{role} {row.Path}: {answer.Body}");

            // Not a word, a code or a count tells A's thing from one that nobody has.
            if (!row.Moving)
            {
                Assert.Equal((await ReadAsync(await SendAsync(stranger, row, Nobodys), row.Told(Nobodys))).Body, answer.Body);
            }
        }
    }

    [Fact]
    public async Task Import_KeyOfAnotherPracticesImport_IsAnImportOfItsOwn()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var helen = await factory.CreateClientAsync(SamplePerson.Helen);
        const string path = "/api/v1/sessions/import?startedAt=2026-11-18T17:00:00Z&title=x&clientId=";
        const string body = "speaker,time,text\nclient,1,x\n";

        var first = await (await ImportAsync(nora, path + Maya, body, "shared-key")).ReadAsync(HttpStatusCode.Created);
        await (await ImportAsync(helen, path + Maya, body, "shared-key")).AssertProblemAsync(HttpStatusCode.NotFound, "client.not_found");
        var second = await (await ImportAsync(helen, path + ApiFactory.TomBeaumont, body, "shared-key")).ReadAsync(HttpStatusCode.Created);
        var replayed = await (await ImportAsync(helen, path + ApiFactory.TomBeaumont, body, "shared-key")).ReadAsync(HttpStatusCode.OK);
        var own = await (await ImportAsync(nora, path + Maya, body, "shared-key")).ReadAsync(HttpStatusCode.OK);

        Assert.NotEqual(first.GetProperty("sessionId").GetString(), second.GetProperty("sessionId").GetString());
        Assert.Equal($"{ApiFactory.TomBeaumont}", second.GetProperty("clientId").GetString());
        Assert.Equal((second.GetRawText(), first.GetRawText()), (replayed.GetRawText(), own.GetRawText()));
    }

    private async Task<HttpClient> CreateCallerAsync(UserRole role, Guid practiceId, bool ofA)
    {
        var issuer = factory.Services.GetRequiredService<TokenIssuer>();
        var user = new User(
            ofA ? new(NoraUser) : Guid.CreateVersion7(), practiceId, "stranger@northfield.example", role, "Stranger",
            ProfileId: new(ofA ? NoraProfile : HelenProfile), ClientId: ofA ? new(Maya) : ApiFactory.TomBeaumont, CustomerId: null);
        var token = role is UserRole.Service
            ? await issuer.IssueServiceTokenAsync(user.Id, user.PracticeId, CancellationToken.None)
            : await issuer.IssueAccessTokenAsync(user, Guid.CreateVersion7(), CancellationToken.None);
        var client = factory.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        return client;
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, Row row, string thing) => client.SendAsync(row.ToRequest(thing));

    private static Task<HttpResponseMessage> ImportAsync(HttpClient client, string path, string body, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "text/csv") };
        request.Headers.Add("Idempotency-Key", key);
        return client.SendAsync(request);
    }

    // Without the trace id, which is another one for each request, and without what was asked for where the answer repeats it.
    private static async Task<(HttpStatusCode Status, string? Code, string Body)> ReadAsync(HttpResponseMessage response, string? told)
    {
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
        body.Remove("traceId");
        if (body["issue"]?[0] is JsonObject issue)
        {
            issue.Remove("diagnostics");
            return (response.StatusCode, issue["details"]!["coding"]![0]!["code"]!.GetValue<string>(), body.ToJsonString());
        }

        var text = body.ToJsonString();
        var code = body["meta"] is null ? body["code"] : body["data"]!["errors"]?[0]!["code"];
        return (response.StatusCode, code?.GetValue<string>(), told is null ? text : text.Replace(told, "", StringComparison.Ordinal));
    }

    private static string PatternOf(RouteEndpoint endpoint) => $"/{endpoint.RoutePattern.RawText!.Trim('/')}";

    internal sealed record Row(string Method, string Pattern, string Path, string Thing, string? Code = null)
    {
        /// <summary>What whoever may do it sends.</summary>
        public HttpRequestMessage ToRequest(string thing)
        {
            var text = CursorOfThing ? new NameCursor("a", new(thing)).ToString() : thing;
            var request = new HttpRequestMessage(new(Method), Path.Replace("{thing}", text, StringComparison.Ordinal));
            if (Method is not "GET")
            {
                request.Headers.Add("Idempotency-Key", $"{Guid.CreateVersion7()}");
                request.Headers.TryAddWithoutValidation("If-Match", "*");
            }

            if ((Body ?? Json) is { } body)
            {
                var content = body.Replace("{thing}", text, StringComparison.Ordinal)
                    .Replace("{new}", $"{Guid.CreateVersion7()}", StringComparison.Ordinal)
                    .Replace("{now}", $"{DateTimeOffset.UtcNow:O}", StringComparison.Ordinal);
                request.Content = new StringContent(content, Encoding.UTF8, Body is null ? "application/json" : "text/csv");
            }

            return request;
        }

        public string? Body { get; init; }

        /// <summary>The JSON of a write.</summary>
        public string? Json { get; init; }

        /// <summary>Who gets an answer in A.</summary>
        public SamplePerson As { get; init; } = SamplePerson.OwnerA;

        /// <summary>Has no id in it: a client's own.</summary>
        public bool OwnClientOnly { get; init; }

        public bool Created { get; init; }

        public bool Removed { get; init; }

        /// <summary>The role that gets an answer in A when none of its people has it.</summary>
        public UserRole? Asker { get; init; }

        /// <summary>The answer names nothing of the practice.</summary>
        public bool IsBare { get; init; }

        /// <summary>The answer is another one each time, whoever asks for what.</summary>
        public bool Moving { get; init; }

        public bool CursorOfThing { get; init; }

        public bool TellsTheQuery { get; init; }

        /// <summary>The answer names the ids that were asked about, whatever it says of them.</summary>
        public bool NamesWhatWasAsked { get; init; }

        /// <summary>What the answer repeats of the question.</summary>
        public string? Told(string thing) => TellsTheQuery ? $"={thing}\"" : NamesWhatWasAsked ? $"\"{thing}\"" : null;

        public UserRole[] Forbidden { get; init; } = [];

        /// <summary>Who is answered as the practitioner that their token names, and forbidden when that is none of the practice.</summary>
        public UserRole[] ByProfile { get; init; } = [];

        public string? ForbiddenCode { get; init; }

        /// <summary>What a stranger gets who names a thing of A where an id is no address.</summary>
        public Func<UserRole, (HttpStatusCode Status, string? Code)>? Refused { get; init; }

        public string? UnknownUser { get; init; }
    }
}
