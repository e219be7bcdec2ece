using System.Net;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Tests.Practices;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Api.Tests.DayViews;

public sealed class DayViewTests(ClockedFactory factory) : IClassFixture<ClockedFactory>
{
    private const string Today = "/api/v1/practitioners/me/today";

    [Theory]
    [InlineData("2026-11-20T12:00:00Z", "?timezone=Europe/London", "2026-11-20", "2026-11-20T00:00:00+00:00", "2026-11-21T00:00:00+00:00")]
    [InlineData("2026-03-29T12:00:00Z", "?timezone=Europe/London", "2026-03-29", "2026-03-29T00:00:00+00:00", "2026-03-30T00:00:00+01:00")]
    [InlineData("2026-10-25T12:00:00Z", "?timezone=Europe/London", "2026-10-25", "2026-10-25T00:00:00+01:00", "2026-10-26T00:00:00+00:00")]
    [InlineData("2026-11-20T12:00:00Z", "?timezone=Pacific/Auckland", "2026-11-21", "2026-11-21T00:00:00+13:00", "2026-11-22T00:00:00+13:00")]
    [InlineData("2026-11-20T12:00:00Z", "", "2026-11-20", "2026-11-20T00:00:00+00:00", "2026-11-21T00:00:00+00:00")]
    [InlineData("2026-11-20T12:00:00Z", "?timezone=", "2026-11-20", "2026-11-20T00:00:00+00:00", "2026-11-21T00:00:00+00:00")]
    public async Task Today_InATimeZone_HasTheSessionsFromItsFirstToItsLastMoment(string now, string query, string date, string start, string end)
    {
        factory.Now = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);
        var practice = await SmallPractice.CreateAsync(factory);
        var (nora, daniel) = (await practice.AddPractitionerAsync("Nora"), await practice.AddPractitionerAsync("Daniel"));
        var client = await practice.AddClientAsync(nora, "Ann");
        var (first, last) = (DateTimeOffset.Parse(start, null), DateTimeOffset.Parse(end, null));
        await practice.AddSessionAsync(client, nora, $"{first.AddMicroseconds(-1):O}");
        var opening = await practice.AddSessionAsync(client, nora, start);
        var closing = await practice.AddSessionAsync(client, nora, $"{last.AddMicroseconds(-1):O}", "cancelled");
        await practice.AddSessionAsync(client, nora, end);
        await practice.AddSessionAsync(client, daniel, $"{first.AddHours(3):O}");
        using var person = await practice.SignInAsync(UserRole.Practitioner, nora);

        var today = await person.GetJsonAsync(Today + query);

        Assert.Equal(
            ($"{nora}", date, query.Length > 10 ? query[10..] : "UTC", start, end),
            (today.GetProperty("practitionerId").GetString(), today.GetProperty("date").GetString(), today.GetProperty("timeZone").GetString(),
                today.GetProperty("dayStart").GetString(), today.GetProperty("dayEnd").GetString()));
        Assert.Equal(
            [($"{opening}", "held", start), ($"{closing}", "cancelled", today.GetProperty("sessions")[1].GetProperty("startedAt").GetString()!)],
            today.GetProperty("sessions").EnumerateArray().Select(session => (
                session.GetProperty("sessionId").GetString()!, session.GetProperty("status").GetString()!, session.GetProperty("startedAt").GetString()!)));
    }

    [Fact]
    public async Task Today_SessionsAndWhoWaits_ToldWhole()
    {
        factory.Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
        var practice = await SmallPractice.CreateAsync(factory);
        var (nora, daniel) = (await practice.AddPractitionerAsync("Nora"), await practice.AddPractitionerAsync("Daniel"));
        var (ann, ben, eve) = (
            await practice.AddClientAsync(nora, "Ann"), await practice.AddClientAsync(nora, "Ben"), await practice.AddClientAsync(nora, "Eve", ended: "2026-11-20"));
        var morning = await practice.AddSessionAsync(ann, nora, "2026-11-20T09:00:00Z", title: "First meeting");
        await practice.AddSessionAsync(ann, nora, "2026-11-21T09:00:00Z", "cancelled");
        var next = await practice.AddSessionAsync(ben, nora, "2026-11-23T10:00:00Z", "planned", "Review");
        await practice.AddSessionAsync(ann, nora, "2026-11-24T10:00:00Z", "planned");
        await practice.AddSessionAsync(eve, nora, "2026-11-20T16:00:00Z", "planned");
        await practice.AddSessionAsync(ann, daniel, "2026-11-20T13:00:00Z", "planned");

        // Ben waits longer than Ann; what has feedback, what Daniel gave and who is treated no more wait for nobody here.
        var annsHomework = await practice.AddHomeworkAsync(ann, nora, "2026-11-01T00:00:00Z", submitted: 3, wanted: 9);
        await practice.AddResultAsync(annsHomework, ann, "2026-11-10T08:00:00Z");
        await practice.AddResultAsync(annsHomework, ann, "2026-11-09T08:00:00Z");
        await practice.AddResultAsync(annsHomework, ann, "2026-11-02T08:00:00Z", feedbackAt: "2026-11-03T08:00:00Z");
        await practice.AddResultAsync(await practice.AddHomeworkAsync(ben, nora, "2026-11-01T00:00:00Z", submitted: 1), ben, "2026-11-05T08:00:00Z");
        await practice.AddResultAsync(await practice.AddHomeworkAsync(ben, daniel, "2026-11-01T00:00:00Z", submitted: 1), ben, "2026-11-01T08:00:00Z");
        await practice.AddResultAsync(await practice.AddHomeworkAsync(eve, nora, "2026-11-01T00:00:00Z", submitted: 1), eve, "2026-11-01T08:00:00Z");
        using var person = await practice.SignInAsync(UserRole.Practitioner, nora);

        var today = await person.GetJsonAsync($"{Today}?timezone=America/New_York");

        Assert.Equal(
            $$"""
            {"practitionerId":"{{nora}}","date":"2026-11-20","timeZone":"America/New_York","dayStart":"2026-11-20T00:00:00-05:00",
             "dayEnd":"2026-11-21T00:00:00-05:00",
             "sessions":[{"sessionId":"{{morning}}","clientId":"{{ann}}","clientName":"Ann","title":"First meeting","startedAt":"2026-11-20T04:00:00-05:00",
                          "durationSeconds":3000,"status":"held","hasTranscript":false}],
             "nextSession":{"sessionId":"{{next}}","clientId":"{{ben}}","clientName":"Ben","title":"Review","startedAt":"2026-11-23T05:00:00-05:00",
                            "durationSeconds":3000,"status":"planned","hasTranscript":false},
             "awaitingFeedback":{"clients":2,"results":3,
                                 "items":[{"clientId":"{{ben}}","clientName":"Ben","results":1,"since":"2026-11-05T03:00:00-05:00"},
                                          {"clientId":"{{ann}}","clientName":"Ann","results":2,"since":"2026-11-09T03:00:00-05:00"}]} }
            """,
            today.GetRawText(),
            SameJson.Comparer);
    }

    [Fact]
    public async Task Today_MoreThatDay_NextIsThePlannedOneStillToCome()
    {
        factory.Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
        var practice = await SmallPractice.CreateAsync(factory);
        var nora = await practice.AddPractitionerAsync("Nora");
        var client = await practice.AddClientAsync(nora, "Ann");
        await practice.AddSessionAsync(client, nora, "2026-11-20T11:59:00Z", "planned");
        await practice.AddSessionAsync(client, nora, "2026-11-20T12:30:00Z", "cancelled");
        var next = await practice.AddSessionAsync(client, nora, "2026-11-20T13:00:00Z", "planned");
        await practice.AddSessionAsync(client, nora, "2026-11-20T14:00:00Z", "planned");
        using var person = await practice.SignInAsync(UserRole.Practitioner, nora);

        var today = await person.GetJsonAsync(Today);

        Assert.Equal($"{next}", today.GetProperty("nextSession").GetProperty("sessionId").GetString());
    }

    [Fact]
    public async Task Today_NothingToDo_SaysSo()
    {
        var practice = await SmallPractice.CreateAsync(factory);
        using var person = await practice.SignInAsync(UserRole.Owner, await practice.AddPractitionerAsync("Owner who treats"));

        var today = await person.GetJsonAsync(Today);

        Assert.Equal(
            ("[]", "null", """{"clients":0,"results":0,"items":[]}"""),
            (today.GetProperty("sessions").GetRawText(), today.GetProperty("nextSession").GetRawText(), today.GetProperty("awaitingFeedback").GetRawText()));
    }

    [Theory]
    [InlineData("Europe/Atlantis")]
    [InlineData("GMT%20Standard%20Time")]
    [InlineData("%2B01:00")]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    public async Task Today_UnknownZone_BadRequestWithTheField(string zone)
    {
        var practice = await SmallPractice.CreateAsync(factory);
        using var person = await practice.SignInAsync(UserRole.Practitioner, await practice.AddPractitionerAsync("Nora"));

        var problem = await (await person.GetAsync($"{Today}?timezone={zone}")).ReadAsync(HttpStatusCode.BadRequest);

        Assert.Equal(
            ("time_zone.unknown", "timezone"),
            (problem.GetProperty("code").GetString(), problem.GetProperty("errors")[0].GetProperty("field").GetString()));
    }

    [Theory]
    [InlineData(UserRole.Owner, false)]
    [InlineData(UserRole.Reception, false)]
    [InlineData(UserRole.Practitioner, false)]
    [InlineData(UserRole.Service, false)]
    [InlineData(UserRole.Client, true)]
    public async Task Today_CallerWithoutAProfileThatTreats_Forbidden(UserRole role, bool withProfile)
    {
        var practice = await SmallPractice.CreateAsync(factory);
        using var person = await practice.SignInAsync(role, withProfile ? await practice.AddPractitionerAsync("Nora") : null);

        await (await person.GetAsync(Today)).AssertProblemAsync(HttpStatusCode.Forbidden, "practitioner.profile_required");
    }

    [Fact]
    public async Task Today_ProfileOfAnotherPractice_Forbidden()
    {
        var (practice, other) = (await SmallPractice.CreateAsync(factory), await SmallPractice.CreateAsync(factory));
        using var person = await practice.SignInAsync(UserRole.Practitioner, await other.AddPractitionerAsync("Nora"));

        await (await person.GetAsync(Today)).AssertProblemAsync(HttpStatusCode.Forbidden, "practitioner.profile_required");
    }

    [Fact]
    public async Task Today_OfMany_TakesNoStatementForEach()
    {
        factory.Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
        var practice = await SmallPractice.CreateAsync(factory);
        var nora = await practice.AddPractitionerAsync("Nora");
        using var person = await practice.SignInAsync(UserRole.Practitioner, nora);
        foreach (var hour in Enumerable.Range(8, 6))
        {
            var client = await practice.AddClientAsync(nora, $"Client {hour}");
            await practice.AddSessionAsync(client, nora, $"2026-11-20T{hour:00}:00:00Z", "planned");
            await practice.AddResultAsync(await practice.AddHomeworkAsync(client, nora, "2026-11-01T00:00:00Z", submitted: 1), client, "2026-11-05T08:00:00Z");
        }

        await person.GetJsonAsync(Today);
        var (statements, response) = await SqlStatements.OfAsync(person, Today);

        Assert.Equal(6, (await response.ReadAsync(HttpStatusCode.OK)).GetProperty("sessions").GetArrayLength());
        Assert.Equal(["select practitioners", "select clinical_sessions", "select homework_results"], statements);
    }
}
