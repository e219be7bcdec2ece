using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Distributed.Tests;

[Collection(GraphTests.Name)]
public sealed class MainJobTests(GraphFixture graph)
{
    [Fact]
    public async Task Converse_ImportedSession_EndsInDocumentWhoseEvidenceIsInTheTranscript()
    {
        var token = await graph.SignInAsync();
        var session = await ImportLatestSessionAsync(token);
        await using var socket = await Conversation.OpenAsync(graph.App, token, NewSessionId());

        var find = await Conversation.SayAsync(socket, Conversation.FindSession(session.ClientName));
        var write = await Conversation.SayAsync(socket, Conversation.WriteNote);

        FrameRules.Check(find);
        FrameRules.Check(write);
        Assert.Equal(["search_clients", "search_sessions", "load_session"], Conversation.ToolsOf(find));
        var document = await ReadDocumentAsync(token, write);
        Assert.Equal([session.SessionId], document.GetProperty("sessionIds").EnumerateArray().Select(id => id.GetString()));
        await AssertEvidenceAsync(token, session.SessionId, document);
    }

    [Fact]
    public async Task Converse_WholeMainJob_OneTraceSpansServicesRedisAndMySql()
    {
        var token = await graph.SignInAsync();
        var session = await ImportLatestSessionAsync(token);
        await using var socket = await Conversation.OpenAsync(graph.App, token, NewSessionId());
        await Conversation.SayAsync(socket, Conversation.FindSession(session.ClientName));
        var write = await Conversation.SayAsync(socket, Conversation.WriteNote);
        var runId = write[0].RunId!;

        var traceId = (await WaitForSpanAsync(span => IsRun(span, runId))).TraceId;
        var gateway = await WaitForSpanAsync(span => span.TraceId == traceId && span.ServiceName == "chat" && HasTag(span, "http.route", "/v1/chat/completions"));
        foreach (var (service, system) in ((string, string)[])[("chat", "redis"), ("chat", "mysql"), ("api", "mysql"), ("documents", "mysql")])
        {
            await WaitForSpanAsync(span => span.TraceId == traceId && span.ServiceName == service && HasTag(span, "db.system.name", system));
        }

        Assert.Equal("POST /v1/chat/completions", gateway.Name);
    }

    [Fact]
    public async Task Generate_TwoSessions_GiveDifferentNotesAndNoQuestionAsStatement()
    {
        var token = await graph.SignInAsync();
        using var api = graph.CreateClient("api", token);
        var sessions = (await api.GetFromJsonAsync<JsonElement>("/api/v1/sessions/search?limit=50")).GetProperty("items").EnumerateArray()
            .DistinctBy(session => session.GetProperty("clientId").GetString())
            .Take(2)
            .Select(session => session.GetProperty("sessionId").GetString()!)
            .ToList();

        var first = await GenerateAsync(token, sessions[0]);
        var second = await GenerateAsync(token, sessions[1]);

        Assert.NotEqual(SentencesOf(first), SentencesOf(second));
        await AssertEvidenceAsync(token, sessions[0], first);
        await AssertEvidenceAsync(token, sessions[1], second);
    }

    private static bool IsRun(CollectedSpan span, string runId) => HasTag(span, "chat.run.id", runId);

    private static bool HasTag(CollectedSpan span, string name, string value) => span.Attributes.GetValueOrDefault(name) as string == value;

    private async Task<CollectedSpan> WaitForSpanAsync(Func<CollectedSpan, bool> predicate) =>
        (await graph.Collector.WaitForSpansAsync(spans => spans.Any(predicate))).First(predicate);

    private static string NewSessionId() => $"main-{Guid.CreateVersion7():N}";

    private static List<string> SentencesOf(JsonElement document) =>
        [.. document.GetProperty("sections").EnumerateArray()
            .SelectMany(section => section.GetProperty("sentences").EnumerateArray())
            .Select(sentence => sentence.GetProperty("text").GetString()!)];

    private async Task<JsonElement> GenerateAsync(string token, string sessionId)
    {
        using var documents = graph.CreateClient("documents", token);
        var templates = await documents.GetFromJsonAsync<JsonElement>("/api/v1/templates?searchQuery=progress");
        var template = templates.GetProperty("items")[0].GetProperty("id").GetString();
        using var response = await documents.PostAsJsonAsync(
            "/api/v1/documents/generate", new { template = new { id = template }, sessionIds = new[] { sessionId } });
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement;
    }

    private async Task<JsonElement> ReadDocumentAsync(string token, IReadOnlyList<ReceivedFrame> run)
    {
        var completed = run[^1].Json.GetProperty("payload").GetProperty("result");
        var summary = Assert.Single(completed.GetProperty("documents").EnumerateArray());
        using var documents = graph.CreateClient("documents", token);
        return await documents.GetFromJsonAsync<JsonElement>($"/api/v1/documents/{summary.GetProperty("document_id").GetString()}");
    }

    /// <summary>Every sentence rests on segments that hold the quoted words, and what is told of the client was said by the client.</summary>
    private async Task AssertEvidenceAsync(string token, string sessionId, JsonElement document)
    {
        using var api = graph.CreateClient("api", token);
        var segments = (await api.GetFromJsonAsync<JsonElement>($"/api/v1/sessions/{sessionId}?includeSegments=true")).GetProperty("segments").EnumerateArray()
            .ToDictionary(segment => segment.GetProperty("index").GetInt32());
        var sentences = document.GetProperty("sections").EnumerateArray()
            .SelectMany(section => section.GetProperty("sentences").EnumerateArray())
            .ToList();

        Assert.True(sentences.Count >= 4, $"A note of {sentences.Count} sentences is none.");
        foreach (var sentence in sentences)
        {
            var evidence = sentence.GetProperty("evidence").EnumerateArray().ToList();
            Assert.NotEmpty(evidence);
            Assert.True(sentence.GetProperty("supported").GetBoolean(), sentence.GetRawText());
            foreach (var link in evidence)
            {
                Assert.Equal(sessionId, link.GetProperty("sessionId").GetString());
                var segment = segments[link.GetProperty("segmentIndex").GetInt32()];
                Assert.Contains(link.GetProperty("quote").GetString()!, segment.GetProperty("text").GetString()!, StringComparison.Ordinal);
                Assert.Equal(segment.GetProperty("speaker").GetString(), link.GetProperty("speaker").GetString());
            }

            if (sentence.GetProperty("text").GetString()!.StartsWith("The client ", StringComparison.Ordinal))
            {
                Assert.Contains(evidence, link => link.GetProperty("speaker").GetString() == "client");
            }
        }
    }

    private async Task<ImportedSession> ImportLatestSessionAsync(string token)
    {
        using var api = graph.CreateClient("api", token);
        var newest = (await api.GetFromJsonAsync<JsonElement>("/api/v1/sessions/search?limit=50")).GetProperty("items").EnumerateArray()
            .GroupBy(session => session.GetProperty("clientName").GetString()!)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .First().First();
        var clientName = newest.GetProperty("clientName").GetString()!;
        if (Transcripts.FindOne(minSegments: 40, maxSegments: 120) is not { } transcript)
        {
            return new(newest.GetProperty("sessionId").GetString()!, clientName);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/sessions/import")
        {
            Headers = { { "Idempotency-Key", Guid.CreateVersion7().ToString() } },
            Content = JsonContent.Create(new
            {
                clientId = newest.GetProperty("clientId").GetString(),
                startedAt = DateTimeOffset.UtcNow.AddMinutes(-30),
                title = transcript.Topic,
                segments = transcript.Segments.Select(segment => new { segment.Speaker, segment.Start, segment.Text }),
            }),
        };
        using var response = await api.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return new(JsonDocument.Parse(body).RootElement.GetProperty("sessionId").GetString()!, clientName);
    }

    private sealed record ImportedSession(string SessionId, string ClientName);
}
