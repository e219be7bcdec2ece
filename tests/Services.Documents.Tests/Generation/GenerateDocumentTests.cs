using System.Net;
using System.Text.Json;

namespace AiPlatform.Services.Documents.Tests.Generation;

[Collection(DocumentsFixture.Collection)]
public sealed class GenerateDocumentTests(DocumentsFixture fixture)
{
    private const string TwoSections = "# Note\n\n## Concerns\nWhat troubles the client.\n\n## Plan\nNext steps.";

    [Fact]
    [Trait("Spec", "T000-143")]
    public async Task Generate_TemplateAndSession_AnswersTheWholeDocument()
    {
        var practice = fixture.CreatePractice();
        var clientId = practice.AddClient("Sarah Johnson");
        var sessionId = practice.AddSession(clientId, "therapist: How did you sleep?", "client: I hardly slept this week.");
        fixture.Model.Enqueue(Drafts.Reply(("Concerns", [("The client said \"I hardly slept this week.\"", [$"{sessionId}:1"])]), ("Plan", [])));
        using var http = fixture.ClientOf(practice);

        var response = await http.GenerateAsync(new
        {
            template = new { name = "Short Note", content = TwoSections },
            documentName = "Note of March",
            clientId,
            sessionIds = new[] { sessionId },
            chatSessionId = "chat-1",
        });

        var document = await response.ReadAsync(HttpStatusCode.Created);
        var id = document.GetProperty("id").GetGuid();
        Assert.Equal($"/api/v1/documents/{id}", response.Headers.Location?.ToString());
        Assert.InRange(document.GetProperty("metadata").GetProperty("generationTimeMs").GetInt64(), 0, 60_000);
        var expected = new
        {
            id,
            name = "Note of March",
            version = 1,
            clientId,
            clientName = "Sarah Johnson",
            practitionerId = practice.PractitionerId,
            practitionerName = "Dr. Ana Ruiz",
            template = new { id = (Guid?)null, name = "Short Note" },
            sessionIds = new[] { sessionId },
            chatSessionId = "chat-1",
            createdAt = document.GetProperty("createdAt"),
            content = document.GetProperty("content"),
            sections = new object[]
            {
                new
                {
                    heading = "Concerns",
                    discussed = true,
                    sentences = new[]
                    {
                        new
                        {
                            text = "The client said \"I hardly slept this week.\"",
                            supported = true,
                            evidence = new[] { new { sessionId, segmentIndex = 1, speaker = "client", start = "00:00:12", quote = "I hardly slept this week." } },
                        },
                    },
                },
                new { heading = "Plan", discussed = false, sentences = Array.Empty<object>() },
            },
            metadata = new
            {
                templateId = (Guid?)null,
                templateName = "Short Note",
                clientId,
                practitionerId = practice.PractitionerId,
                wordCount = 13,
                processingMethod = "single_pass",
                model = "default",
                generationTimeMs = document.GetProperty("metadata").GetProperty("generationTimeMs"),
            },
        };
        Assert.Equal(JsonSerializer.SerializeToElement(expected).ToString(), JsonSerializer.SerializeToElement(document).ToString());
    }

    [Fact]
    [Trait("Spec", "T000-144")]
    public async Task Generate_StoredTemplate_NamesItInTheMetadata()
    {
        var practice = fixture.CreatePractice();
        var clientId = practice.AddClient("Sarah Johnson");
        var sessionId = practice.AddSession(clientId, "client: Work was calm.");
        fixture.Model.Respond = Drafts.QuoteFirstClientSegment;
        using var http = fixture.ClientOf(practice);
        var templates = await (await http.GetAsync("/api/v1/templates?searchQuery=soap")).ReadAsync(HttpStatusCode.OK);
        var templateId = templates.GetProperty("items")[0].GetProperty("id").GetGuid();

        var document = await http.GenerateDocumentAsync(new { template = new { id = templateId }, sessionIds = new[] { sessionId } });

        var metadata = document.GetProperty("metadata");
        Assert.Equal(templateId, metadata.GetProperty("templateId").GetGuid());
        Assert.Equal("SOAP Note", metadata.GetProperty("templateName").GetString());
        Assert.Equal(clientId, metadata.GetProperty("clientId").GetGuid());
        Assert.Equal(practice.PractitionerId, metadata.GetProperty("practitionerId").GetGuid());
        Assert.Equal("single_pass", metadata.GetProperty("processingMethod").GetString());
        Assert.Equal("default", metadata.GetProperty("model").GetString());
        Assert.Equal("SOAP Note - Sarah Johnson - 4 March 2026", document.GetProperty("name").GetString());
    }

    [Fact]
    [Trait("Spec", "T000-134")]
    [Trait("Spec", "T000-135")]
    public async Task Generate_VariablesAndUnicodeNames_FillsThemIn()
    {
        var practice = fixture.CreatePractice("Clínica Ñandú", "Dr. Łukasz Żółw");
        var clientId = practice.AddClient("Zoë Müller-李 🌿");
        var sessionId = practice.AddSession(clientId, "client: Alles gut.");
        fixture.Model.Enqueue(Drafts.Reply(("About Zoë Müller-李 🌿", [])));
        using var http = fixture.ClientOf(practice);

        var document = await http.GenerateDocumentAsync(new
        {
            template = new { content = "# {{clientName}}, {{ sessionDate }}\n\n{{practitionerName}} of {{practiceName}}\n\n## About {{ClientName}}\nWrite about {{clientName}}." },
            sessionIds = new[] { sessionId },
        });

        Assert.Equal(
            """
            # Zoë Müller-李 🌿, 4 March 2026

            Dr. Łukasz Żółw of Clínica Ñandú

            ## About Zoë Müller-李 🌿

            Not discussed in this session.

            """.ReplaceLineEndings("\n"),
            document.GetProperty("content").GetString());
        var task = Drafts.TaskOf(fixture.Model.Requests[^1]);
        Assert.Equal("Write about Zoë Müller-李 🌿.", task.GetProperty("template").GetProperty("sections")[0].GetProperty("guidance").GetString());
    }

    [Fact]
    public async Task Generate_ValuesWithMarkup_StayText()
    {
        var practice = fixture.CreatePractice();
        var clientId = practice.AddClient("<script>alert(1)</script> # {{date}} *x*");
        var sessionId = practice.AddSession(clientId, "client: <b>bold</b> [link](http://x) said.");
        fixture.Model.Respond = Drafts.QuoteFirstClientSegment;
        using var http = fixture.ClientOf(practice);

        var document = await http.GenerateDocumentAsync(new
        {
            template = new { content = "# {{clientName}}\n\n## Said\n" },
            sessionIds = new[] { sessionId },
        });

        Assert.Equal(
            """
            # \<script\>alert(1)\</script\> \# \{\{date\}\} \*x\*

            Client: \<script\>alert(1)\</script\> \# \{\{date\}\} \*x\*  
            Practitioner: Dr. Ana Ruiz  
            Session: 4 March 2026  
            Written: DATE

            ## Said

            The client said "\<b\>bold\</b\> \[link\](http://x) said." [00:00:00]

            """.ReplaceLineEndings("\n"),
            System.Text.RegularExpressions.Regex.Replace(document.GetProperty("content").GetString()!, "Written: .*", "Written: DATE"));
    }

    [Fact]
    public async Task Generate_DraftingRequest_HasTheAgreedShape()
    {
        var practice = fixture.CreatePractice();
        var clientId = practice.AddClient("Sarah Johnson");
        var sessionId = practice.AddSession(clientId, "therapist: Hello.", "client: Hello, I am tired.");
        fixture.Model.Enqueue(Drafts.Reply(("Concerns", []), ("Plan", [])));
        using var http = fixture.ClientOf(practice);

        await http.GenerateDocumentAsync(new
        {
            template = new { name = "Short Note", content = TwoSections },
            instructions = "Keep it short.",
            sessionIds = new[] { sessionId },
        });

        var request = fixture.Model.Requests[^1];
        Assert.Equal($"Bearer {practice.PractitionerToken}", request.Headers["Authorization"]);
        Assert.Equal("default", request.Model);
        Assert.False(request.Streams);
        Assert.Equal(["system", "user"], request.Messages.Select(message => message.GetProperty("role").GetString()));
        var format = request.Json.GetProperty("response_format");
        Assert.Equal("json_schema", format.GetProperty("type").GetString());
        Assert.Equal("document_draft", format.GetProperty("json_schema").GetProperty("name").GetString());
        Assert.True(format.GetProperty("json_schema").GetProperty("strict").GetBoolean());
        var expected = new
        {
            task = "document_draft",
            template = new
            {
                name = "Short Note",
                sections = new[] { new { heading = "Concerns", guidance = "What troubles the client." }, new { heading = "Plan", guidance = "Next steps." } },
            },
            client = new { name = "Sarah Johnson" },
            practitioner = new { name = "Dr. Ana Ruiz" },
            instructions = "Keep it short.",
            sessions = new[]
            {
                new
                {
                    id = sessionId,
                    title = "Weekly session",
                    startedAt = "2026-03-04T10:00:00+00:00",
                    segments = new[]
                    {
                        new { id = $"{sessionId}:0", speaker = "therapist", start = "00:00:00", text = "Hello." },
                        new { id = $"{sessionId}:1", speaker = "client", start = "00:00:12", text = "Hello, I am tired." },
                    },
                },
            },
        };
        Assert.True(JsonElement.DeepEquals(JsonSerializer.SerializeToElement(expected), Drafts.TaskOf(request)), Drafts.TaskOf(request).ToString());
    }

    [Fact]
    [Trait("Spec", "T000-138")]
    public async Task Generate_ClientsInParallel_NeverMixes()
    {
        var practice = fixture.CreatePractice();
        fixture.Model.Respond = Drafts.QuoteFirstClientSegment;
        using var http = fixture.ClientOf(practice);
        var clients = Enumerable.Range(1, 8).Select(number =>
        {
            var id = practice.AddClient($"Client Number{number}");
            return (Number: number, SessionId: practice.AddSession(id, $"client: My matter is number {number} today."));
        }).ToArray();

        var documents = await Task.WhenAll(clients.Select(client => http.GenerateDocumentAsync(new
        {
            template = new { content = "# {{clientName}}\n## Said\n" },
            sessionIds = new[] { client.SessionId },
        })));

        foreach (var (client, document) in clients.Zip(documents))
        {
            Assert.Equal($"Client Number{client.Number}", document.GetProperty("clientName").GetString());
            Assert.Equal(
                $"My matter is number {client.Number} today.",
                document.GetProperty("sections")[0].GetProperty("sentences")[0].GetProperty("evidence")[0].GetProperty("quote").GetString());
        }
    }
}
