using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Usage;

public sealed class BudgetEndpointTests : IAsyncLifetime
{
    private UsageRig? _rig;

    private UsageRig Rig => _rig!;

    private string OfPractice => $"/api/v1/budgets/practice/{Rig.User.PracticeId}/month";

    public async Task InitializeAsync() => _rig = await UsageRig.StartAsync();

    public Task DisposeAsync() => Rig.DisposeAsync().AsTask();

    [Fact]
    public async Task Put_ThenList_TellsWhatIsSpentOfEach()
    {
        using var owner = Rig.Host.CreateClient(Rig.Owner);
        using var call = await Rig.CompleteAsync();
        await Rig.RowsAsync(1);

        using var put = await PutAsync(owner, OfPractice, """{"amountUsd":300,"thresholds":[80,50]}""");
        using var colleague = await PutAsync(owner, "/api/v1/budgets/user/0a000000-0000-7000-8000-000000000101/day", """{"amountUsd":1.5}""");
        var list = await owner.GetFromJsonAsync<JsonElement>("/api/v1/budgets");

        var practice = $$"""{"scope":"practice","subjectId":"{{Rig.User.PracticeId}}","period":"month","amountUsd":300,"thresholds":[50,80]""";
        const string User = """{"scope":"user","subjectId":"0a000000-0000-7000-8000-000000000101","period":"day","amountUsd":1.5,"thresholds":[50,80,100]""";
        Assert.Equal(($"{practice}}}", $"{User}}}"), (await put.Content.ReadAsStringAsync(), await colleague.Content.ReadAsStringAsync()));
        Assert.Equal(
            $$"""[{{practice}},"spentUsd":0.0075,"periodEnd":"2026-12-01T00:00:00+00:00"},{{User}},"spentUsd":0,"periodEnd":"2026-11-16T00:00:00+00:00"}]""",
            list.GetProperty("items").GetRawText());
    }

    [Fact]
    public async Task List_InPages_HasEachBudgetOnce()
    {
        using var owner = Rig.Host.CreateClient(Rig.Owner);
        string[] paths = [$"practice/{Rig.User.PracticeId}/day", $"practice/{Rig.User.PracticeId}/month", "user/0a000000-0000-7000-8000-000000000101/day"];
        foreach (var path in paths)
        {
            using var put = await PutAsync(owner, $"/api/v1/budgets/{path}", """{"amountUsd":1}""");
        }

        var (seen, cursor) = (new List<string>(), "");
        for (var pages = 0; pages < 3; pages++)
        {
            var page = await owner.GetFromJsonAsync<JsonElement>($"/api/v1/budgets?limit=1{cursor}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => $"{item.GetProperty("scope")}/{item.GetProperty("subjectId")}/{item.GetProperty("period")}"));
            cursor = $"&cursor={page.GetProperty("nextCursor")}";
        }

        Assert.Equal(paths, seen);
        Assert.Equal("&cursor=", cursor);
    }

    [Fact]
    public async Task List_OfManyBudgets_ReadsThePracticesCallsOnceAsForOne()
    {
        using var owner = Rig.Host.CreateClient(Rig.Owner);
        for (var call = 0; call < 3; call++)
        {
            using var completed = await Rig.CompleteAsync();
        }

        await Rig.RowsAsync(3);
        using var month = await PutAsync(owner, OfPractice, """{"amountUsd":1}""");
        var one = await ReadsOfListAsync(owner);
        foreach (var path in (string[])[$"user/{Rig.User.UserId}/day", $"user/{Rig.User.UserId}/month", $"user/{Guid.CreateVersion7()}/day", $"practice/{Rig.User.PracticeId}/day"])
        {
            using var put = await PutAsync(owner, $"/api/v1/budgets/{path}", """{"amountUsd":1}""");
        }

        var many = await ReadsOfListAsync(owner);

        Assert.Equal((1, "with usage_calls", 3), one);
        Assert.Equal((5, "with usage_calls", 3), many);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"amountUsd":-1}""")]
    [InlineData("""{"amountUsd":1000001}""")]
    [InlineData("""{"amountUsd":0.0000001}""")]
    [InlineData("""{"amountUsd":"5"}""")]
    [InlineData("""{"amountUsd":5,"currency":"EUR"}""")]
    [InlineData("""{"amountUsd":5,"thresholds":[0]}""")]
    [InlineData("""{"amountUsd":5,"thresholds":[101]}""")]
    [InlineData("""{"amountUsd":5,"thresholds":[50,50]}""")]
    [InlineData("""{"amountUsd":5,"thresholds":[1,2,3,4,5,6,7,8,9,10,11]}""")]
    [InlineData("""{"amountUsd":""")]
    [InlineData("null")]
    public async Task Put_BadBody_Is400AndNothingIsStored(string body)
    {
        using var owner = Rig.Host.CreateClient(Rig.Owner);

        using var response = await PutAsync(owner, OfPractice, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty((await owner.GetFromJsonAsync<JsonElement>("/api/v1/budgets")).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("/api/v1/budgets/practice/0a000000-0000-7000-8000-000000000101/month")]
    [InlineData("/api/v1/budgets/client/0a000000-0000-7000-8000-000000000101/month")]
    [InlineData("/api/v1/budgets/user/nora/month")]
    [InlineData("/api/v1/budgets/user/0a000000-0000-7000-8000-000000000101/year")]
    public async Task Put_NoSuchSubject_Is404(string path)
    {
        using var owner = Rig.Host.CreateClient(Rig.Owner);

        using var response = await PutAsync(owner, path, """{"amountUsd":1}""");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Delete_Twice_Is204And404()
    {
        using var owner = Rig.Host.CreateClient(Rig.Owner);
        using var put = await PutAsync(owner, OfPractice, """{"amountUsd":1}""");

        using var first = await DeleteAsync(owner, OfPractice, "*");
        using var second = await DeleteAsync(owner, OfPractice, "*");

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (first.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task Put_OnTheVersionThatWasRead_ReplacesIt()
    {
        using var owner = Rig.Host.CreateClient(Rig.Owner);
        using var set = await PutAsync(owner, OfPractice, """{"amountUsd":1}""");
        using var read = await owner.GetAsync(OfPractice);

        using var replaced = await PutAsync(owner, OfPractice, """{"amountUsd":2}""", TagOf(read));

        using var again = await owner.GetAsync(OfPractice);
        Assert.Equal((TagOf(set), TagOf(replaced)), (TagOf(read), TagOf(again)));
        Assert.NotEqual(TagOf(set), TagOf(replaced));
        Assert.Equal(
            $$"""{"scope":"practice","subjectId":"{{Rig.User.PracticeId}}","period":"month","amountUsd":2,"thresholds":[50,80,100]}""", await again.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Change_NotOnTheVersionThatIsThere_IsRefusedAndChangesNothing()
    {
        using var owner = Rig.Host.CreateClient(Rig.Owner);
        using var first = await PutAsync(owner, OfPractice, """{"amountUsd":1}""");
        using var second = await PutAsync(owner, OfPractice, """{"amountUsd":2}""", TagOf(first));

        using var blind = await PutAsync(owner, OfPractice, """{"amountUsd":3}""");
        using var stale = await PutAsync(owner, OfPractice, """{"amountUsd":3}""", TagOf(first));
        using var blindDelete = await owner.DeleteAsync(OfPractice);
        using var staleDelete = await DeleteAsync(owner, OfPractice, TagOf(first));
        using var ofNone = await PutAsync(owner, OfPractice.Replace("month", "day", StringComparison.Ordinal), """{"amountUsd":3}""", TagOf(second));

        Assert.Equal(
            [(428, "precondition.required"), (412, "precondition.failed"), (428, "precondition.required"), (412, "precondition.failed"), (412, "precondition.failed")],
            await Task.WhenAll(new[] { blind, stale, blindDelete, staleDelete, ofNone }.Select(CodeAsync)));
        var list = await owner.GetFromJsonAsync<JsonElement>("/api/v1/budgets");
        Assert.Equal([2m], list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("amountUsd").GetDecimal()));
    }

    [Fact]
    public async Task Put_TwoAtOnceWhereNoneWas_SetsOneAndTellsTheOther()
    {
        using var owner = Rig.Host.CreateClient(Rig.Owner);

        var answers = await Task.WhenAll(Enumerable.Range(1, 4).Select(amount => PutAsync(owner, OfPractice, $$"""{"amountUsd":{{amount}}}""")));

        Assert.Equal([200, 428, 428, 428], answers.Select(answer => (int)answer.StatusCode).Order());
        Assert.Single((await owner.GetFromJsonAsync<JsonElement>("/api/v1/budgets")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Put_AfterItWasTakenAway_HasAnotherTag()
    {
        using var owner = Rig.Host.CreateClient(Rig.Owner);
        using var before = await PutAsync(owner, OfPractice, """{"amountUsd":1}""");
        using var removed = await DeleteAsync(owner, OfPractice, TagOf(before));
        using var missing = await owner.GetAsync(OfPractice);

        using var after = await PutAsync(owner, OfPractice, """{"amountUsd":1}""");
        using var stale = await PutAsync(owner, OfPractice, """{"amountUsd":9}""", TagOf(before));

        Assert.Equal(
            (HttpStatusCode.NoContent, (404, "budget.not_found"), HttpStatusCode.OK, (412, "precondition.failed")),
            (removed.StatusCode, await CodeAsync(missing), after.StatusCode, await CodeAsync(stale)));
    }

    [Fact]
    public async Task Budgets_OfAnotherPractice_AreNotThere()
    {
        var colleague = Guid.CreateVersion7();
        using var owner = Rig.Host.CreateClient(Rig.Owner);
        using var put = await PutAsync(owner, $"/api/v1/budgets/user/{colleague}/month", """{"amountUsd":1}""");
        using var stranger = Rig.Host.CreateClient(Rig.Owner with { PracticeId = Guid.CreateVersion7() });

        var list = await stranger.GetFromJsonAsync<JsonElement>("/api/v1/budgets");
        using var taken = await PutAsync(stranger, OfPractice, """{"amountUsd":0}""");
        using var own = await PutAsync(stranger, $"/api/v1/budgets/user/{Rig.User.UserId}/month", """{"amountUsd":0}""");
        using var deleted = await DeleteAsync(stranger, $"/api/v1/budgets/user/{colleague}/month", "*");
        using var read = await stranger.GetAsync($"/api/v1/budgets/user/{colleague}/month");
        using var call = await Rig.CompleteAsync();

        Assert.Empty(list.GetProperty("items").EnumerateArray());
        Assert.Equal(
            (HttpStatusCode.NotFound, HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.OK),
            (taken.StatusCode, own.StatusCode, deleted.StatusCode, read.StatusCode, call.StatusCode));
        Assert.Single((await owner.GetFromJsonAsync<JsonElement>("/api/v1/budgets")).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData(UserRole.Practitioner)]
    [InlineData(UserRole.Reception)]
    [InlineData(UserRole.Client)]
    [InlineData(UserRole.Service)]
    public async Task Budgets_WhoDoesNotLead_AreForbidden(UserRole role)
    {
        using var client = Rig.Host.CreateClient(Rig.User with { Role = role });

        using var put = await PutAsync(client, OfPractice, """{"amountUsd":1}""");
        using var delete = await client.DeleteAsync(OfPractice);
        using var get = await client.GetAsync(OfPractice);
        using var list = await client.GetAsync("/api/v1/budgets");
        using var alerts = await client.GetAsync("/api/v1/budgets/alerts");

        Assert.All([put, delete, get, list, alerts], response => Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode));
    }

    // The statements it runs, and the rows of calls that the server reads for them.
    private async Task<(int Budgets, string Statements, long Rows)> ReadsOfListAsync(HttpClient owner)
    {
        var before = await Rig.RowsReadAsync();
        var (statements, response) = await SqlStatements.OfAsync(owner, "/api/v1/budgets");
        var list = await response.Content.ReadFromJsonAsync<JsonElement>();
        return (list.GetProperty("items").GetArrayLength(), string.Join(", ", statements), await Rig.RowsReadAsync() - before);
    }

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, string path, string body, string? ifMatch = null) =>
        SendAsync(client, new(HttpMethod.Put, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") }, ifMatch);

    private static Task<HttpResponseMessage> DeleteAsync(HttpClient client, string path, string ifMatch) => SendAsync(client, new(HttpMethod.Delete, path), ifMatch);

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpRequestMessage request, string? ifMatch)
    {
        using (request)
        {
            if (ifMatch is not null)
            {
                request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
            }

            return await client.SendAsync(request);
        }
    }

    private static string TagOf(HttpResponseMessage response) => response.Headers.ETag!.Tag;

    private static async Task<(int Status, string? Code)> CodeAsync(HttpResponseMessage response) =>
        ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
}
