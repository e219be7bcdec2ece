using System.Net;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Tests.Audit;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Retention;

public sealed class RetentionSettingTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string Path = "/api/v1/clinic/retention";

    [Fact]
    public async Task Get_OfAPracticeThatChoseNothing_Kept()
    {
        using var owner = await factory.CreateCallerAsync(UserRole.Owner, Guid.CreateVersion7());

        var response = await owner.GetAsync(Path);

        Assert.Equal("""{"transcripts":"kept","erasedAfterHours":null}""", (await response.ReadAsync(HttpStatusCode.OK)).GetRawText());
        Assert.Equal("\"1\"", response.Headers.ETag?.Tag);
    }

    [Theory]
    [InlineData("none", 1)]
    [InlineData("24h", 24)]
    [InlineData("7d", 168)]
    public async Task Change_ToEachTime_ReadsBackForThatPracticeOnly(string transcripts, int hours)
    {
        using var admin = await factory.CreateCallerAsync(UserRole.Admin, Guid.CreateVersion7());
        using var other = await factory.CreateCallerAsync(UserRole.Owner, Guid.CreateVersion7());

        var changed = await ChangeAsync(admin, transcripts, "\"1\"");
        var read = await admin.GetAsync(Path);

        Assert.Equal($$"""{"transcripts":"{{transcripts}}","erasedAfterHours":{{hours}}}""", (await changed.ReadAsync(HttpStatusCode.OK)).GetRawText());
        Assert.Equal(await changed.Content.ReadAsStringAsync(), await read.Content.ReadAsStringAsync());
        Assert.Equal(("\"2\"", "\"2\""), (changed.Headers.ETag?.Tag, read.Headers.ETag?.Tag));
        Assert.Equal("kept", (await other.GetJsonAsync(Path)).GetProperty("transcripts").GetString());
    }

    [Fact]
    public async Task Change_WithoutOrWithAnOldTag_RefusedAndOfManyOneWins()
    {
        using var owner = await factory.CreateCallerAsync(UserRole.Owner, Guid.CreateVersion7());

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ChangeAsync(owner, "7d", "\"1\"")));

        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.OK);
        await answers.First(answer => answer.StatusCode is not HttpStatusCode.OK).AssertProblemAsync(HttpStatusCode.PreconditionFailed, "precondition.failed");
        await (await ChangeAsync(owner, "24h", null)).AssertProblemAsync(HttpStatusCode.PreconditionRequired, "precondition.required");
        Assert.Equal("7d", (await owner.GetJsonAsync(Path)).GetProperty("transcripts").GetString());
    }

    [Theory]
    [InlineData(UserRole.Practitioner)]
    [InlineData(UserRole.Reception)]
    [InlineData(UserRole.Client)]
    [InlineData(UserRole.Service)]
    public async Task Any_ByThoseWhoDoNotLead_ForbiddenBeforeTheBodyIsRead(UserRole role)
    {
        using var caller = await factory.CreateCallerAsync(role, Guid.CreateVersion7());

        await (await caller.GetAsync(Path)).AssertProblemAsync(HttpStatusCode.Forbidden, "retention.forbidden");
        await (await caller.WriteAsync(HttpMethod.Put, Path, "{")).AssertProblemAsync(HttpStatusCode.Forbidden, "retention.forbidden");
    }

    [Theory]
    [InlineData("{}", "retention.invalid")]
    [InlineData("""{"transcripts":"1h"}""", "retention.invalid")]
    [InlineData("""{"transcripts":"KEPT"}""", "retention.invalid")]
    [InlineData("""{"transcripts":24}""", "request.member_invalid")]
    [InlineData("""{"transcripts":"kept","audio":"kept"}""", "request.member_invalid")]
    [InlineData("[", "request.malformed")]
    public async Task Change_ToSomethingElse_BadRequestAndNothingChanges(string json, string code)
    {
        using var owner = await factory.CreateCallerAsync(UserRole.Owner, Guid.CreateVersion7());

        var refused = await owner.WriteAsync(HttpMethod.Put, Path, json, ifMatch: "*");

        await refused.AssertProblemAsync(HttpStatusCode.BadRequest, code);
        Assert.Equal("\"1\"", (await owner.GetAsync(Path)).Headers.ETag?.Tag);
    }

    [Fact]
    public async Task Change_IsAudited()
    {
        var practiceId = Guid.CreateVersion7();
        using var owner = await factory.CreateCallerAsync(UserRole.Owner, practiceId);

        await (await ChangeAsync(owner, "24h", "\"1\"")).ReadAsync(HttpStatusCode.OK);

        var item = (await owner.GetJsonAsync("/api/v1/audit/events")).GetProperty("items")[0];
        Assert.Equal(
            ("retention.changed", "retention", practiceId.ToString(), "success"),
            (item.GetProperty("action").GetString(), item.GetProperty("recordType").GetString(), item.GetProperty("recordId").GetString(),
                item.GetProperty("outcome").GetString()));
    }

    private static Task<HttpResponseMessage> ChangeAsync(HttpClient client, string transcripts, string? ifMatch) =>
        client.WriteAsync(HttpMethod.Put, Path, $$"""{"transcripts":"{{transcripts}}"}""", ifMatch: ifMatch);
}
