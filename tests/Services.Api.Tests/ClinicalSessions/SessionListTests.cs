using System.Net;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions;

public sealed class SessionListTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private static readonly Guid JonahWhitlock = new("0a000000-0000-7000-8000-000000000309");
    private static readonly Guid CallumFraser = new("0a000000-0000-7000-8000-000000000307");
    private static readonly Guid DanielOsei = new("0a000000-0000-7000-8000-000000000102");

    [Fact]
    public async Task List_PageByPage_EachOnceEitherWayAlsoAtOneTime()
    {
        var daniel = await factory.CreateClientAsync(SamplePerson.Daniel);
        var before = await daniel.ReadSessionPagesAsync($"clientId={JonahWhitlock}&limit=100&sort=oldest");
        foreach (var title in new[] { "a", "b", "c", "d", "e" })
        {
            await daniel.CreateSessionAsync(JonahWhitlock, title, "2020-02-03T10:00:00Z");
        }

        var oldest = await daniel.ReadSessionPagesAsync($"clientId={JonahWhitlock}&limit=2&sort=oldest");
        var newest = await daniel.ReadSessionPagesAsync($"clientId={JonahWhitlock}&limit=3");
        var exactly = await daniel.ReadSessionPagesAsync($"clientId={JonahWhitlock}&limit={oldest.Count}&sort=oldest");

        Assert.Equal(before.Count + 5, oldest.Distinct().Count());
        Assert.Equal(before, oldest.Skip(5));
        Assert.Equal(Enumerable.Reverse(oldest), newest);
        Assert.Equal(oldest, exactly);
    }

    [Fact]
    public async Task List_ByEachFilter_OnlyWhatMatches()
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var planned = await owner.CreateSessionAsync(CallumFraser, "planned", "2027-01-05T10:00:00Z", "planned");
        var written = await owner.CreateSessionAsync(CallumFraser, "written", "2026-11-21T10:00:00Z");
        var dropped = await owner.CreateSessionAsync(CallumFraser, "dropped", "2026-11-22T10:00:00Z");
        await (await owner.ChangeAsync(dropped, SessionCalls.Body(startedAt: "\"2026-11-22T10:00:00Z\"", status: "\"cancelled\""))).ReadAsync(HttpStatusCode.OK);
        var recorded = (await owner.ReadSessionPagesAsync($"clientId={CallumFraser}&hasTranscript=true")).ToList();
        Task<IReadOnlyList<string>> OfCallumAsync(string query) => owner.ReadSessionPagesAsync($"clientId={CallumFraser}&{query}");

        Assert.Equal(3, recorded.Count);
        Assert.Equal([planned], await OfCallumAsync("status=planned"));
        Assert.Equal([dropped], await OfCallumAsync("status=cancelled"));
        Assert.Equal([written, .. recorded], await OfCallumAsync("status=held"));
        Assert.Equal([planned, dropped, written, .. recorded], await OfCallumAsync("status=all"));
        Assert.Equal([planned, dropped, written, .. recorded], await OfCallumAsync($"practitionerId={DanielOsei}"));
        Assert.Empty(await OfCallumAsync($"practitionerId={Guid.CreateVersion7()}"));
        Assert.Equal([planned, dropped, written], await OfCallumAsync("hasTranscript=false"));
        Assert.Equal([dropped, written], await OfCallumAsync("from=2026-11-21&to=2026-11-22"));
        Assert.Equal([written], await OfCallumAsync("from=2026-11-21T10:00:00Z&to=2026-11-21T10:00:00Z"));
    }

    [Theory]
    [InlineData(SamplePerson.Daniel, 15)]
    [InlineData(SamplePerson.MayaLindqvist, 4)]
    [InlineData(SamplePerson.Helen, 11)]
    public async Task List_ByThoseWhoSeeSome_OnlyTheirs(SamplePerson person, int count)
    {
        var caller = await factory.CreateClientAsync(person);

        var ids = await caller.ReadSessionPagesAsync("hasTranscript=true&limit=7");

        Assert.Equal(count, ids.Count);
    }

    [Theory]
    [InlineData(SamplePerson.Daniel)]
    [InlineData(SamplePerson.Helen)]
    [InlineData(SamplePerson.OwnerB)]
    public async Task List_OfAClientOutOfSight_Empty(SamplePerson person)
    {
        var caller = await factory.CreateClientAsync(person);

        Assert.Empty(await caller.ReadSessionPagesAsync($"clientId={ApiFactory.MayaLindqvist}"));
    }

    [Fact]
    public async Task List_AnItem_HasAllFieldsAndNeitherSpeakersNorSegments()
    {
        var reception = await factory.CreateClientAsync(SamplePerson.ReceptionA);

        var page = await reception.GetJsonAsync($"/api/v1/sessions?clientId={ApiFactory.MayaLindqvist}&limit=1");

        Assert.Equal(
            """
            {"sessionId":"0a000000-0000-7000-8000-000000040104","clientId":"0a000000-0000-7000-8000-000000000301","clientName":"Maya Lindqvist",
             "practitionerId":"0a000000-0000-7000-8000-000000000101","practitionerName":"Nora Berg","title":"Sunday evenings and asking for help",
             "startedAt":"2026-11-10T09:00:00+00:00","durationSeconds":823,"totalSegments":24,"averageConfidence":0.981,"hasTranscript":true,
             "status":"held","transcript":"available"}
            """,
            page.GetProperty("items")[0].GetRawText(),
            SameJson.Comparer);
    }

    [Theory]
    [InlineData("limit=0", "request.invalid")]
    [InlineData("limit=-1", "request.invalid")]
    [InlineData("limit=101", "request.invalid")]
    [InlineData("limit=99999999999", "request.malformed")]
    [InlineData("status=open", "request.invalid")]
    [InlineData("sort=title", "request.invalid")]
    [InlineData("hasTranscript=perhaps", "request.malformed")]
    [InlineData("clientId=1", "request.malformed")]
    [InlineData("practitionerId=Nora", "request.malformed")]
    [InlineData("from=yesterday", "session.date_invalid")]
    [InlineData("to=2026-13-01", "session.date_invalid")]
    [InlineData("cursor=x", "cursor.invalid")]
    [InlineData("cursor=__________________________________", "cursor.invalid")]
    public async Task List_ParameterOutOfRange_BadRequest(string query, string code)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await nora.GetAsync($"/api/v1/sessions?{query}")).AssertProblemAsync(HttpStatusCode.BadRequest, code);
    }
}
