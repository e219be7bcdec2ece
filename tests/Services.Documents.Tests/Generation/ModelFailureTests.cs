using System.Net;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Documents.Tests.Generation;

[Collection(DocumentsFixture.Collection)]
public sealed class ModelFailureTests(DocumentsFixture fixture)
{
    private static readonly object Template = new { content = "# Note\n## Said\n" };

    [Fact]
    [Trait("Spec", "T000-140")]
    public Task Generate_EmptyReply_SaysSo() => AssertFailureAsync(ModelReply.Text("  "), 502, "document.draft_empty");

    [Fact]
    [Trait("Spec", "T000-141")]
    public Task Generate_ContentFilter_SaysSo() =>
        AssertFailureAsync(ModelReply.Text("{}") with { FinishReason = "content_filter" }, 422, "document.model_refused");

    [Fact]
    public Task Generate_Refusal_SaysSo() => AssertFailureAsync(
        ModelReply.Of(new ModelStep.Raw("""{"choices":[{"message":{"content":null,"refusal":"I will not."},"finish_reason":"stop"}]}""")), 422, "document.model_refused");

    [Fact]
    public Task Generate_LengthLimit_SaysSo() =>
        AssertFailureAsync(ModelReply.Text("{\"sections\":[") with { FinishReason = "length" }, 502, "document.draft_truncated");

    [Fact]
    public Task Generate_NoCompletion_SaysSo() => AssertFailureAsync(ModelReply.Of(new ModelStep.Raw("<html>")), 502, "document.model_malformed");

    [Fact]
    public Task Generate_ConnectionCut_SaysSo() => AssertFailureAsync(ModelReply.Of(new ModelStep.Cut()), 503, "document.model_unavailable");

    [Theory]
    [InlineData(500, null, 503, "document.model_unavailable")]
    [InlineData(429, null, 429, "document.model_busy")]
    [InlineData(400, "context_length_exceeded", 422, "document.too_long_for_model")]
    [InlineData(400, "content_filter", 422, "document.model_refused")]
    [InlineData(400, "something", 502, "document.model_rejected")]
    [InlineData(504, null, 504, "document.model_timeout")]
    [InlineData(401, null, 401, "auth.required")]
    public Task Generate_GatewayError_SaysWhich(int status, string? gatewayCode, int expected, string code) =>
        AssertFailureAsync(ModelReply.Refuse((HttpStatusCode)status, code: gatewayCode), expected, code);

    [Fact]
    public Task Generate_NoProvider_IsUnavailable() =>
        AssertFailureAsync(ModelReply.Refuse(HttpStatusCode.ServiceUnavailable, code: "model.unavailable"), 503, "document.model_unavailable");

    [Fact]
    public async Task Generate_ReplyThatIsNoDraft_IsAskedForOnceMore()
    {
        var practice = fixture.CreatePractice();
        var session = practice.AddSession(practice.AddClient("One Person"), "client: I am fine.");
        fixture.Model.Enqueue(ModelReply.Text("Here is your note!"), Drafts.Reply(("Said", [("The client is fine.", [$"{session}:0"])])));
        using var http = fixture.ClientOf(practice);

        var document = await http.GenerateDocumentAsync(new { template = Template, sessionIds = new[] { session } });

        Assert.Equal("The client is fine.", document.GetProperty("sections")[0].GetProperty("sentences")[0].GetProperty("text").GetString());
        var again = fixture.Model.Requests[^1];
        Assert.Equal(["system", "user", "assistant", "user"], again.Messages.Select(message => message.GetProperty("role").GetString()));
        Assert.Equal("Here is your note!", again.Messages[2].GetProperty("content").GetString());
    }

    [Fact]
    public async Task Generate_NoDraftTwice_SaysSo()
    {
        var asked = fixture.Model.Requests.Count;

        await AssertFailureAsync([ModelReply.Text("no"), ModelReply.Text("{\"sections\":[{\"heading\":\"Other\",\"sentences\":[]}]}")], 502, "document.malformed_draft");

        Assert.Equal(asked + 2, fixture.Model.Requests.Count);
    }

    [Fact]
    [Trait("Spec", "T000-139")]
    public async Task Generate_ModelHangs_TimesOutAndEndsTheCall()
    {
        await using var application = fixture.StartWith(("Drafting:TimeoutSeconds", "5"));
        var asked = fixture.Model.Requests.Count;

        await AssertFailureAsync([ModelReply.Hang()], 504, "document.model_timeout", application);

        Assert.Equal(asked + 1, fixture.Model.Requests.Count);
        Assert.False(await fixture.Model.Requests[^1].Ended.WaitAsync(Eventually.Timeout));
    }

    [Fact]
    public async Task Generate_CallerGoesAway_EndsTheGatewayCallAndFreesTheKey()
    {
        var practice = fixture.CreatePractice();
        var session = practice.AddSession(practice.AddClient("One Person"), "client: I am fine.");
        fixture.Model.Enqueue(ModelReply.Hang());
        using var http = fixture.ClientOf(practice);
        using var cancellation = new CancellationTokenSource();
        using var message = new HttpRequestMessage(HttpMethod.Post, "/api/v1/documents/generate")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { template = Template, sessionIds = new[] { session } }),
            Headers = { { "Idempotency-Key", "k" } },
        };
        var asked = fixture.Model.Requests.Count;
        var response = http.SendAsync(message, cancellation.Token);
        await Eventually.BecomesTrueAsync(() => fixture.Model.Requests.Count > asked, "the model was asked");

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => response);
        Assert.False(await fixture.Model.Requests[^1].Ended.WaitAsync(Eventually.Timeout));
        fixture.Model.Respond = Drafts.QuoteFirstClientSegment;
        var document = await http.GenerateDocumentAsync(new { template = Template, sessionIds = new[] { session } }, "k");
        Assert.Equal(1, document.GetProperty("version").GetInt32());
    }

    [Fact]
    [Trait("Spec", "T000-133")]
    public async Task Generate_LongTranscript_EverySegmentReachesTheModelInParts()
    {
        var practice = fixture.CreatePractice();
        var session = practice.AddSession(practice.AddClient("One Person"), [.. Enumerable.Range(0, 300).Select(number => $"client: Statement number {number}.")]);
        await using var application = fixture.StartWith(("Drafting:MaxCharactersPerRequest", "10000"));
        using var http = fixture.ClientWith(practice.PractitionerToken, application);
        fixture.Model.Respond = Drafts.QuoteFirstClientSegment;
        var asked = fixture.Model.Requests.Count;

        var document = await http.GenerateDocumentAsync(new { template = Template, sessionIds = new[] { session } });

        var parts = fixture.Model.Requests.Skip(asked).Select(Drafts.TaskOf).ToArray();
        Assert.Equal("multi_part", document.GetProperty("metadata").GetProperty("processingMethod").GetString());
        Assert.Equal(
            Enumerable.Range(0, 300).Select(number => $"{session}:{number}").Order(),
            parts.SelectMany(part => part.GetProperty("sessions")[0].GetProperty("segments").EnumerateArray().Select(segment => segment.GetProperty("id").GetString()!)).Order());
        var starts = document.GetProperty("sections")[0].GetProperty("sentences").EnumerateArray()
            .Select(sentence => sentence.GetProperty("evidence")[0].GetProperty("segmentIndex").GetInt32()).ToArray();
        Assert.Equal(parts.Length, starts.Length);
        Assert.Equal(starts.Order(), starts);
    }

    private Task AssertFailureAsync(ModelReply reply, int status, string code) => AssertFailureAsync([reply], status, code);

    private async Task AssertFailureAsync(ModelReply[] replies, int status, string code, DocumentsApplication? application = null)
    {
        var practice = fixture.CreatePractice();
        var session = practice.AddSession(practice.AddClient("One Person"), "client: I am fine.");
        fixture.Model.Enqueue(replies);
        using var http = fixture.ClientWith(practice.PractitionerToken, application);

        await (await http.GenerateAsync(new { template = Template, sessionIds = new[] { session } }, "key")).AssertProblemAsync(status, code);

        var list = await (await http.GetAsync("/api/v1/documents")).ReadAsync(HttpStatusCode.OK);
        Assert.Equal(0, list.GetProperty("items").GetArrayLength());
    }
}
