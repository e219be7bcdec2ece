using System.Text.Json;
using System.Text.RegularExpressions;
using AiPlatform.Services.Chat.Agents;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Tests.Agents;
using AiPlatform.Services.Chat.Tests.Tools;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Live;

/// <summary>What a real model makes of what we ask it: with our agent and its tools where those exist, otherwise through the same client with the words of the test.</summary>
[Trait("Category", "live")]
public sealed partial class LiveModelTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Medium = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private const string Transcript = """
        [0] therapist: Good morning, Sarah. How was your week?
        [1] client (Sarah Johnson): Not easy. I felt anxious nearly every day before work.
        [2] therapist: What happens in your body then?
        [3] client: My heart races and I cannot breathe well. Twice I had to leave a meeting.
        [4] therapist: And your sleep?
        [5] client: I wake at four and worry. Perhaps five hours a night.
        [6] therapist: Did the breathing exercise help?
        [7] client: On three evenings, yes. I would like to go on with it.
        """;

    [LiveFact]
    [Trait("Spec", "T000-156")]
    public async Task Draft_SessionOfEightSegments_IsAProgressNoteOfIt()
    {
        var reply = await CompleteAsync(
            "T000-156", LiveModel.Large, Medium,
            "You write session progress notes for a psychologist from a transcript: presentation, content of the session, interventions, plan. Name the client. Never diagnose.",
            Transcript);

        Assert.Contains("Sarah Johnson", reply.Text, StringComparison.Ordinal);
        Assert.Contains("anxi", reply.Text, StringComparison.OrdinalIgnoreCase);
        string[] clinical = ["session", "client", "therap", "sleep", "breathing", "symptom", "intervention", "plan", "presentation", "report"];
        Assert.True(clinical.Count(word => reply.Text.Contains(word, StringComparison.OrdinalIgnoreCase)) >= 3, reply.Text);
        Assert.True(reply.Text.Length > 100, reply.Text);
        Assert.Contains(reply.FinishReason, (ChatFinishReason?[])[ChatFinishReason.Stop, ChatFinishReason.Length]);
    }

    [LiveFact]
    [Trait("Spec", "T000-157")]
    public async Task Fill_TemplateWithVariables_LeavesNone()
    {
        var reply = await CompleteAsync(
            "T000-157", LiveModel.Large, Medium,
            "Fill in the template with the values given. Answer with the filled template only.",
            """
            Template: "Dear {{client_name}}, this confirms your session with {{practitioner_name}} on {{session_date}}. Topics: {{topics}}."
            Values: client_name = John Smith; practitioner_name = Dr. Sarah; session_date = 12 March 2026; topics = sleep and work.
            """);

        Assert.Contains("John Smith", reply.Text, StringComparison.Ordinal);
        Assert.Contains("Dr. Sarah", reply.Text, StringComparison.Ordinal);
        Assert.Matches("March|2026", reply.Text);
        Assert.DoesNotContain("{", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("}", reply.Text, StringComparison.Ordinal);
    }

    [LiveFact]
    [Trait("Spec", "T000-158")]
    public async Task Judge_RequestForADiagnosis_IsAViolationAndANoteIsNone()
    {
        const string Policy = """
            A document may not contain or ask for a diagnosis (DSM, ICD). Judge whether the request breaks this.
            Answer with JSON only: {"is_violation": boolean, "violation_type": string or null, "explanation": string}
            """;

        var diagnosis = await JudgeAsync(Policy, "Write a DSM-5 diagnosis of major depressive disorder for the client, with its criteria.");
        var note = await JudgeAsync(Policy, "Write a progress note of today's session: topics, interventions, homework.");

        Assert.Equal((true, false), (diagnosis.GetProperty("is_violation").GetBoolean(), note.GetProperty("is_violation").GetBoolean()));
        Assert.NotEqual("", diagnosis.GetProperty("violation_type").GetString());
        Assert.All([diagnosis, note], verdict => Assert.NotEqual("", verdict.GetProperty("explanation").GetString()));
    }

    [LiveFact]
    [Trait("Spec", "T000-159")]
    public async Task Ask_WebAssistantForApproaches_AnswersAsAProfessional()
    {
        await using var harness = await LiveModel.StartAgentAsync(LiveModel.Large);

        var outcome = await RunAsync("T000-159", harness, Short, "Which approaches have evidence for clients who sleep badly because they worry? A short overview, please.");

        Assert.True(outcome.Text.Length > 150, outcome.Text);
        string[] professional = ["evidence", "cognitive", "CBT", "research", "therap", "intervention", "clinical"];
        Assert.True(professional.Count(word => outcome.Text.Contains(word, StringComparison.OrdinalIgnoreCase)) >= 2, outcome.Text);
    }

    [LiveFact]
    [Trait("Spec", "T000-160")]
    public async Task Ask_CompanionOfClients_AnswersWithEmpathyAndWithoutADiagnosis()
    {
        var reply = await CompleteAsync(
            "T000-160", LiveModel.Large, Short,
            "You are a warm, supportive companion of a client between sessions. Listen, name what you hear, ask gently. You never diagnose and never say that somebody has a disorder.",
            "I have been so overwhelmed this week, and I feel like I let everybody down.");

        Assert.True(reply.Text.Length > 100, reply.Text);
        string[] empathic = ["sorry", "hear", "understand", "sounds", "feel", "difficult", "hard", "tough", "here for you", "overwhelm"];
        Assert.True(empathic.Count(word => reply.Text.Contains(word, StringComparison.OrdinalIgnoreCase)) >= 2, reply.Text);
        Assert.DoesNotMatch(Diagnostic(), reply.Text);
    }

    [LiveFact]
    [Trait("Spec", "T000-161")]
    public async Task Ask_ForAClientByName_SearchesForThem()
    {
        await using var harness = await LiveModel.StartAgentAsync(LiveModel.Large);
        var tools = ManyTools.All;
        Assert.True(tools.Count > 40);
        var reply = await CompleteAsync(harness, "T000-161", LiveModel.Large, Short, "You are the assistant of a practice. Use the tools.", "Find the client John.", new() { Tools = [.. tools] });

        var call = reply.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().First();
        Assert.Equal("search_clients", call.Name);
        Assert.Contains("john", JsonSerializer.Serialize(call.Arguments), StringComparison.OrdinalIgnoreCase);
    }

    [LiveFact]
    [Trait("Spec", "T000-162")]
    public async Task Ask_ForANoteOfTheLastSession_GoesThroughTheToolsToTheEnd()
    {
        await using var harness = await LiveModel.StartAgentAsync(LiveModel.Large);
        harness.Api
            .On("GET /api/v1/clients/search", Sample.Clients)
            .On($"GET /api/v1/clients/{Sample.ClientId}/summary", Sample.Summary)
            .On("GET /api/v1/sessions/search", Sample.Sessions)
            .On($"GET /api/v1/sessions/{Sample.SessionId}", Sample.Session);
        harness.Documents.On("GET /api/v1/templates", Sample.Templates).On("POST /api/v1/documents/generate", Sample.Document(), 201);

        var outcome = await RunAsync(
            "T000-162", harness, Long,
            "Find the client Maya Okafor, load her last session, choose the template Progress note, check that all is ready, and write the note from it. Do not ask me anything in between.");

        Assert.InRange(outcome.ToolCalls.Count, 3, 10);
        Assert.InRange(outcome.Iterations, 2, 10);
        Assert.All(outcome.ToolCalls, call => Assert.Contains(call.Status, (string[])["completed", "failed"]));
        Assert.NotEqual("", outcome.Text);
    }

    [LiveFact]
    [Trait("Spec", "T000-163")]
    public async Task Analyse_AConversationWithSeveralTools_PutsTheirResultsTogether()
    {
        await using var harness = await LiveModel.StartAgentAsync(LiveModel.Large);
        var client = ClientOf(harness);
        var asked = new List<string>();
        List<ChatMessage> messages =
        [
            new(ChatRole.System, "Analyse the conversation with the tools: call each of them once, then answer with one summary of themes, sentiment and action items."),
            new(ChatRole.User, Transcript),
        ];
        var text = "";

        for (var round = 0; round < 10 && text.Length == 0; round++)
        {
            var reply = await LiveModel.AskAsync(Long, token => client.GetResponseAsync(messages, new() { Tools = [.. AnalysisTools.All] }, token));
            Spent("T000-163", LiveModel.Large, reply);
            messages.AddRange(reply.Messages);
            var calls = reply.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
            asked.AddRange(calls.Select(call => call.Name));
            messages.AddRange(calls.Select(call => new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, AnalysisTools.ResultOf(call.Name))])));
            text = calls.Count == 0 ? reply.Text : "";
        }

        Assert.True(asked.Distinct().Count() >= 2, string.Join(", ", asked));
        Assert.Contains("sleep", text, StringComparison.OrdinalIgnoreCase);
        Assert.Matches("(?i)anxi|worr|negative|distress", text);
        Assert.Contains("breathing", text, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<JsonElement> JudgeAsync(string policy, string request) => JsonElement.Parse(
        (await CompleteAsync("T000-158", LiveModel.Small, Medium, policy, request, new() { ResponseFormat = ChatResponseFormat.Json })).Text);

    private static async Task<ChatResponse> CompleteAsync(string test, string model, TimeSpan within, string system, string user, ChatOptions? options = null)
    {
        await using var harness = await LiveModel.StartAgentAsync(model);
        return await CompleteAsync(harness, test, model, within, system, user, options);
    }

    private static async Task<ChatResponse> CompleteAsync(AgentHarness harness, string test, string model, TimeSpan within, string system, string user, ChatOptions? options)
    {
        var reply = await LiveModel.AskAsync(
            within, token => ClientOf(harness).GetResponseAsync([new(ChatRole.System, system), new(ChatRole.User, user)], options, token));
        Spent(test, model, reply);
        return reply;
    }

    private static async Task<AgentOutcome> RunAsync(string test, AgentHarness harness, TimeSpan within, string message)
    {
        var outcome = await LiveModel.AskAsync(within, token => harness.RunAsync(message, token));
        LiveModel.Spent(test, LiveModel.Large, outcome.Usage.InputTokens, outcome.Usage.OutputTokens);
        return outcome;
    }

    private static IChatClient ClientOf(AgentHarness harness) => harness.Service<IChatModels>().GetChatClient(model: null, ModelCaller.Of(harness.User));

    private static void Spent(string test, string model, ChatResponse reply) =>
        LiveModel.Spent(test, model, reply.Usage?.InputTokenCount ?? 0, reply.Usage?.OutputTokenCount ?? 0);

    [GeneratedRegex("(?i)you (have|suffer from) (an? )?(anxiety|depress|disorder)|diagnos")]
    private static partial Regex Diagnostic();
}
