using System.Net;
using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Documents.Tests.Generation;

[Collection(DocumentsFixture.Collection)]
public sealed class RefineDocumentTests(DocumentsFixture fixture)
{
    [Fact]
    [Trait("Spec", "T000-137")]
    public async Task Refine_Instructions_ReachTheModelWithTheCurrentVersion()
    {
        var (practice, session, id) = await GenerateAsync();
        using var http = fixture.ClientOf(practice);
        fixture.Model.Enqueue(Drafts.Reply(
            ("Said", [("The client is fine.", [$"{session}:1"])]),
            ("Sleep", [("The client \"slept well\".", [$"{session}:2"])])));

        var document = await (await http.RefineAsync(id, new { instructions = "Add a section about sleep, drop the plan." })).ReadAsync(HttpStatusCode.Created);

        var task = Drafts.TaskOf(fixture.Model.Requests[^1]);
        Assert.Equal("Add a section about sleep, drop the plan.", task.GetProperty("instructions").GetString());
        Assert.Equal(3, task.GetProperty("sessions")[0].GetProperty("segments").GetArrayLength());
        var previous = new
        {
            sections = new object[]
            {
                new { heading = "Said", sentences = new[] { new { text = "The client said \"I am fine.\"", evidence = new[] { $"{session}:1" } } } },
                new { heading = "Plan", sentences = Array.Empty<object>() },
            },
        };
        Assert.True(JsonElement.DeepEquals(JsonSerializer.SerializeToElement(previous), task.GetProperty("previous")), task.GetProperty("previous").ToString());
        Assert.Equal(2, document.GetProperty("version").GetInt32());
        Assert.Equal(["Said", "Sleep"], document.GetProperty("sections").EnumerateArray().Select(section => section.GetProperty("heading").GetString()));
        Assert.True(document.GetProperty("sections")[1].GetProperty("sentences")[0].GetProperty("supported").GetBoolean());
    }

    [Fact]
    public async Task Refine_Versions_StayAsTheyWere()
    {
        var (practice, session, id) = await GenerateAsync();
        using var http = fixture.ClientOf(practice);
        var first = await (await http.GetAsync($"/api/v1/documents/{id}")).ReadAsync(HttpStatusCode.OK);
        fixture.Model.Enqueue(Drafts.Reply(("Said", [("The client slept well.", [$"{session}:2"])])));

        var second = await (await http.RefineAsync(id, new { instructions = "Only sleep.", documentName = "Sleep note" })).ReadAsync(HttpStatusCode.Created);

        Assert.Equal(second.ToString(), (await (await http.GetAsync($"/api/v1/documents/{id}")).ReadAsync(HttpStatusCode.OK)).ToString());
        Assert.Equal(first.ToString(), (await (await http.GetAsync($"/api/v1/documents/{id}/versions/1")).ReadAsync(HttpStatusCode.OK)).ToString());
        Assert.StartsWith("# Sleep note\n", second.GetProperty("content").GetString(), StringComparison.Ordinal);
        var versions = await (await http.GetAsync($"/api/v1/documents/{id}/versions")).ReadAsync(HttpStatusCode.OK);
        Assert.Equal(
            [(1, "Document - One Person - 4 March 2026", ""), (2, "Sleep note", "Only sleep.")],
            versions.GetProperty("items").EnumerateArray().Select(version =>
                (version.GetProperty("version").GetInt32(), version.GetProperty("name").GetString()!, version.GetProperty("instructions").GetString()!)));
    }

    [Fact]
    public async Task Refine_TwoAtOnce_OneWinsAndTheOtherIsTold()
    {
        var (practice, _, id) = await GenerateAsync();
        using var http = fixture.ClientOf(practice);
        var gate = new TaskCompletionSource();
        var asked = fixture.Model.Requests.Count;
        var draft = Drafts.Json(("Said", []));
        fixture.Model.Respond = _ => ModelReply.Of(new ModelStep.Wait(gate.Task), new ModelStep.TextDelta(draft));

        var refinements = new[] { http.RefineAsync(id, new { instructions = "One." }), http.RefineAsync(id, new { instructions = "Two." }) };
        await Eventually.BecomesTrueAsync(() => fixture.Model.Requests.Count == asked + 2, "both are being drafted");
        gate.SetResult();
        var responses = await Task.WhenAll(refinements);

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Conflict], responses.Select(response => response.StatusCode).Order());
        await responses.Single(response => response.StatusCode == HttpStatusCode.Conflict).AssertProblemAsync(409, "document.version_conflict");
        var versions = await (await http.GetAsync($"/api/v1/documents/{id}/versions")).ReadAsync(HttpStatusCode.OK);
        Assert.Equal(2, versions.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Refine_ModelsNote_IsTold()
    {
        var (practice, _, id) = await GenerateAsync();
        using var http = fixture.ClientOf(practice);
        fixture.Model.Enqueue(ModelReply.Text("""{"sections":[{"heading":"Said","sentences":[]}],"note":"Style was not changed."}"""));

        var document = await (await http.RefineAsync(id, new { instructions = "Make it rhyme." })).ReadAsync(HttpStatusCode.Created);

        Assert.Equal("Style was not changed.", document.GetProperty("metadata").GetProperty("note").GetString());
    }

    [Fact]
    public async Task Refine_TranscriptErasedMeanwhile_GoneAndNothingIsDraftedOrStored()
    {
        var (practice, session, id) = await GenerateAsync();
        using var http = fixture.ClientOf(practice);
        var before = await (await http.GetAsync($"/api/v1/documents/{id}")).ReadAsync(HttpStatusCode.OK);
        var asked = fixture.Model.Requests.Count;
        practice.Expire(session);

        var refused = await http.RefineAsync(id, new { instructions = "Add what was said about sleep." }, "refine-expired");

        await refused.AssertProblemAsync(410, "session.transcript_expired");
        Assert.Equal(asked, fixture.Model.Requests.Count);
        Assert.Equal(before.ToString(), (await (await http.GetAsync($"/api/v1/documents/{id}")).ReadAsync(HttpStatusCode.OK)).ToString());
        await (await http.RefineAsync(id, new { instructions = "Add what was said about sleep." }, "refine-expired")).AssertProblemAsync(410, "session.transcript_expired");
    }

    [Fact]
    public async Task Refine_ClientRenamedMeanwhile_TheDocumentKeepsTheNameItBeganWith()
    {
        var (practice, session, id) = await GenerateAsync();
        using var http = fixture.ClientOf(practice);
        var clientId = (await (await http.GetAsync($"/api/v1/documents/{id}")).ReadAsync(HttpStatusCode.OK)).GetProperty("clientId").GetGuid();
        practice.Rename(clientId, "Another Name");
        fixture.Model.Enqueue(Drafts.Reply(("Said", [("The client slept well.", [$"{session}:2"])])));

        var document = await (await http.RefineAsync(id, new { instructions = "Only sleep." })).ReadAsync(HttpStatusCode.Created);

        Assert.Equal("One Person", document.GetProperty("clientName").GetString());
        Assert.Equal("One Person", Drafts.TaskOf(fixture.Model.Requests[^1]).GetProperty("client").GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"instructions":""}""")]
    public async Task Refine_WithoutInstructions_IsABadRequest(string body)
    {
        var (practice, _, id) = await GenerateAsync();
        using var http = fixture.ClientOf(practice);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, (await http.PostAsync($"/api/v1/documents/{id}/refine", content)).StatusCode);
    }

    private async Task<(TestPractice Practice, Guid SessionId, Guid DocumentId)> GenerateAsync()
    {
        var practice = fixture.CreatePractice();
        var session = practice.AddSession(practice.AddClient("One Person"), "therapist: How are you?", "client: I am fine.", "client: I slept well.");
        fixture.Model.Enqueue(Drafts.Reply(("Said", [("The client said \"I am fine.\"", [$"{session}:1"])]), ("Plan", [])));
        using var http = fixture.ClientOf(practice);
        var document = await http.GenerateDocumentAsync(new { template = new { content = "# Note\n## Said\n## Plan\n" }, sessionIds = new[] { session } });
        return (practice, session, document.GetProperty("id").GetGuid());
    }
}
