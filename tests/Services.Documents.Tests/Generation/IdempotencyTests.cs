using System.Net;

namespace AiPlatform.Services.Documents.Tests.Generation;

[Collection(DocumentsFixture.Collection)]
public sealed class IdempotencyTests(DocumentsFixture fixture)
{
    [Fact]
    public async Task Generate_SameKeyAndBody_AnswersTheSameDocument()
    {
        var (practice, request) = Prepare();
        using var http = fixture.ClientOf(practice);

        var first = await (await http.GenerateAsync(request, "key")).ReadAsync(HttpStatusCode.Created);
        var asked = fixture.Model.Requests.Count;
        var again = await http.GenerateAsync(request, "key");

        Assert.Equal(["true"], again.Headers.GetValues("Idempotency-Replayed"));
        Assert.Equal(first.ToString(), (await again.ReadAsync(HttpStatusCode.Created)).ToString());
        Assert.Equal(asked, fixture.Model.Requests.Count);
    }

    [Fact]
    public async Task Generate_SameKeyOtherBody_IsRefused()
    {
        var (practice, request) = Prepare();
        using var http = fixture.ClientOf(practice);
        var document = await http.GenerateDocumentAsync(request, "key");

        await (await http.GenerateAsync(new { request.Template, request.SessionIds, instructions = "Other." }, "key")).AssertProblemAsync(409, "idempotency.key_reused");
        await (await http.RefineAsync(document.GetProperty("id").GetGuid(), new { instructions = "Other." }, "key")).AssertProblemAsync(409, "idempotency.key_reused");
    }

    [Fact]
    public async Task Generate_SameKeyAtTheSameTimeOnTwoReplicas_MakesOneDocument()
    {
        var (practice, request) = Prepare();
        await using var replica = fixture.StartWith();
        using var http = fixture.ClientOf(practice);
        using var other = fixture.ClientWith(practice.PractitionerToken, replica);

        var documents = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => (number % 2 == 0 ? http : other).GenerateDocumentAsync(request, "key")));

        Assert.Single(documents.Select(document => document.ToString()).Distinct());
        var list = await (await http.GetAsync("/api/v1/documents")).ReadAsync(HttpStatusCode.OK);
        Assert.Equal(1, list.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Generate_SameKeyOfAnotherUser_IsAnotherRequest()
    {
        var (practice, request) = Prepare();
        using var http = fixture.ClientOf(practice);
        using var owner = fixture.ClientOf(practice, ServiceDefaults.Security.UserRole.Owner);

        var first = await http.GenerateDocumentAsync(request, "key");
        var second = await owner.GenerateDocumentAsync(request, "key");

        Assert.NotEqual(first.GetProperty("id").GetGuid(), second.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Refine_SameKeyAndBody_MakesOneVersion()
    {
        var (practice, request) = Prepare();
        using var http = fixture.ClientOf(practice);
        var id = (await http.GenerateDocumentAsync(request)).GetProperty("id").GetGuid();

        var first = await (await http.RefineAsync(id, new { instructions = "Shorter." }, "key")).ReadAsync(HttpStatusCode.Created);
        var again = await (await http.RefineAsync(id, new { instructions = "Shorter." }, "key")).ReadAsync(HttpStatusCode.Created);

        Assert.Equal(2, first.GetProperty("version").GetInt32());
        Assert.Equal(first.ToString(), again.ToString());
    }

    [Fact]
    public async Task Generate_KeyTooLong_IsRefused()
    {
        var (practice, request) = Prepare();
        using var http = fixture.ClientOf(practice);

        await (await http.GenerateAsync(request, new string('k', 201))).AssertProblemAsync(400, "idempotency.key_invalid");
    }

    private (TestPractice Practice, Request Request) Prepare()
    {
        var practice = fixture.CreatePractice();
        var session = practice.AddSession(practice.AddClient("One Person"), "client: I am fine.");
        fixture.Model.Respond = Drafts.QuoteFirstClientSegment;
        return (practice, new(new Template("# Note\n## Said\n"), [session]));
    }

    private sealed record Request(Template Template, Guid[] SessionIds);

    private sealed record Template(string Content);
}
