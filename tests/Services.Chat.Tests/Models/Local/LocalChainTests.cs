namespace AiPlatform.Services.Chat.Tests.Models.Local;

public sealed class LocalChainTests
{
    private const string OneClient = """{"success":true,"result":{"clients":[{"client_id":"c-1","name":"Maria Lopez","status":"active","session_count":2}],"total":1}}""";

    private const string TwoSessions = """
        {"success":true,"result":{"sessions":[
          {"session_id":"s-1","client_id":"c-1","client_name":"Maria Lopez","title":"Intake","started_at":"2026-05-01T09:00:00Z","total_segments":30},
          {"session_id":"s-2","client_id":"c-1","client_name":"Maria Lopez","title":"Sleep","started_at":"2026-05-12T09:00:00Z","total_segments":40}],"total":2}}
        """;

    private const string Loaded = """
        {"success":true,"result":{"session_id":"s-2","client_id":"c-1","client_name":"Maria Lopez","title":"Sleep","started_at":"2026-05-12T09:00:00Z","total_segments":2,
          "segments":[{"index":0,"speaker":"therapist","start":"00:00:00","text":"How do you sleep?"},{"index":1,"speaker":"client","start":"00:00:04","text":"I wake at four."}]}}
        """;

    [Fact]
    public async Task Find_ClientAndLastSession_FollowsTheIdsToTheNewestSession()
    {
        var run = Run("Find Maria Lopez and show me the last session", "empty");
        run.Results["search_clients"] = OneClient;
        run.Results["search_sessions"] = TwoSessions;
        run.Results["load_session"] = Loaded;

        var answer = await run.ToAnswerAsync();

        Assert.Equal(
        [
            ("search_clients", """{"query":"Maria Lopez"}"""),
            ("search_sessions", """{"client_id":"c-1"}"""),
            ("load_session", """{"session_id":"s-2","client_id":"c-1"}"""),
        ], run.Calls);
        Assert.Equal("""
            I found Maria Lopez (active), 2 sessions.

            Loaded the session "Sleep" with Maria Lopez, 12 May 2026, 2 segments.

            (Answered by the built-in `local` model.)
            """, answer);
    }

    [Fact]
    public async Task Analyse_TheOpenSession_TellsWhatWasCountedAndQuoted()
    {
        var run = Run("Analyse this session by its topics and themes", "session");
        run.Results["analyze_session_content"] = """
            {"success":true,"result":{"session_id":"s-2","client_id":"c-1","analysis_type":"comprehensive","method":"extractive","total_segments":40,
              "summary":{"statements":[{"index":1,"speaker":"client","start":"00:00:04","text":"I wake at four."}],"questions":[]},
              "sentiment":{"label":"negative","positive":1,"negative":3},"topics":[{"term":"sleep","count":5,"segments":[0,1]},{"term":"work","count":2,"segments":[2,3]}],
              "themes":[{"terms":["sleep","work"],"segments":[2,3]}]}}
            """;

        var answer = await run.ToAnswerAsync();

        Assert.Equal(
            [("analyze_session_content", $$"""{"session_id":"{{LocalRequests.SessionId}}","client_id":"{{LocalRequests.ClientId}}","analysis_type":"topics"}""")], run.Calls);
        Assert.Equal("""
            I analysed the session, 40 segments.
            - Topics: sleep (5), work (2)
            - Spoken of together: sleep with work
            - Words of feeling: 1 positive, 3 negative
            - 00:00:04 client: "I wake at four."

            (Answered by the built-in `local` model.)
            """, answer);
    }

    [Fact]
    public async Task Find_SessionsByTheirMatter_AsksNoToolThatWantsAList()
    {
        var run = Run("Which sessions mention panic attacks?", "empty");
        run.Results["search_sessions"] = """{"success":true,"result":{"sessions":[],"total":0}}""";

        await run.ToAnswerAsync();

        Assert.Equal([("search_sessions", """{"keywords":"panic attacks"}""")], run.Calls);
    }

    [Fact]
    public async Task Write_NoteFromLoadedSession_SelectsTheTemplateThenGenerates()
    {
        var run = Run("Write a progress note from it", "session");
        run.Results["select_template_by_name"] = """{"success":true,"result":{"status":"ui_action_requested","ui_action":{"type":"set_selected_template","payload":{"templateId":"t-1","templateName":"Session Progress Note","templateContent":"# Note\n## Plan"}},"user_message":"Selected."}}""";
        run.Results["generate_document_auto"] = """{"success":true,"result":{"document_id":"d-1","document_name":"Session Progress Note","version":1,"sections":[{"heading":"Plan","sentences":[{"text":"x","supported":true}]},{"heading":"Risk","sentences":[]}]}}""";

        var answer = await run.ToAnswerAsync();

        Assert.Equal(
        [
            ("select_template_by_name", """{"template_name":"progress note"}"""),
            ("generate_document_auto", "{}"),
        ], run.Calls);
        Assert.Contains("- Plan: 1 sentence\n- Risk: not discussed", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_WithoutSelectionTool_TakesTheTemplateFromTheList()
    {
        var run = Run("Write a progress note from it", "session", without: "select_template_by_name");
        run.Results["get_templates"] = """{"success":true,"result":{"items":[{"id":"t-2","name":"Intake","content":"# Intake"},{"id":"t-1","name":"Session Progress Note","content":"# Note"}]}}""";
        run.Results["generate_document_from_loaded"] = """{"success":true,"result":{"document_id":"d-1","document_name":"Session Progress Note","version":1}}""";

        await run.ToAnswerAsync();

        Assert.Equal(["get_templates", "generate_document_from_loaded"], run.Calls.Select(call => call.Tool));
        Assert.Contains("\"# Note\"", run.Calls[1].Arguments, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_NothingLoaded_FindsAndLoadsTheSessionFirst()
    {
        var run = Run("Write a progress note for Maria Lopez's last session", "empty");
        run.Results["search_sessions"] = TwoSessions;
        run.Results["load_session"] = Loaded;
        run.Results["select_template_by_name"] = """{"success":true,"result":{"ui_action":{"payload":{"templateId":"t-1","templateName":"Progress note","templateContent":"# Note"}}}}""";
        run.Results["generate_document_auto"] = """{"success":true,"result":{"document_id":"d-1","document_name":"Progress note","version":1}}""";

        await run.ToAnswerAsync();

        Assert.Equal(["search_sessions", "load_session", "select_template_by_name", "generate_document_auto"], run.Calls.Select(call => call.Tool));
    }

    [Theory]
    [InlineData("Write a note for Tom Okafor using the SOAP template", "ready", "The open session is with Ruth Aldana, not with Tom Okafor.")]
    [InlineData("Write a progress note", "empty", "Which client do you mean?")]
    public async Task Write_NotFromThatClientsSession_AsksFirst(string request, string uiState, string question)
    {
        var run = Run(request, uiState);

        var answer = await run.ToAnswerAsync();

        Assert.Empty(run.Calls);
        Assert.StartsWith(question, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_WithTheSelectedTemplate_NeedsNoOther()
    {
        var run = Run("Generate the document with the selected template", "ready");
        run.Results["generate_document_auto"] = """{"success":true,"result":{"document_id":"d-1","document_name":"Progress note","version":1}}""";

        await run.ToAnswerAsync();

        Assert.Equal(["generate_document_auto"], run.Calls.Select(call => call.Tool));
    }

    [Fact]
    public async Task Ask_WhoSomebodyIs_LooksForTheClient()
    {
        var run = Run("Who is Maria Lopez?", "empty");
        run.Results["search_clients"] = OneClient;

        await run.ToAnswerAsync();

        Assert.Equal([("search_clients", """{"query":"Maria Lopez"}""")], run.Calls);
    }

    [Fact]
    public async Task Show_LastSessionOfNobodyNamed_AsksWhose()
    {
        var run = Run("Show me the last session", "empty");
        run.Results["search_sessions"] = """
            {"success":true,"result":{"sessions":[
              {"session_id":"0a000000-0000-7000-8000-000000000001","client_id":"0b000000-0000-7000-8000-000000000001","client_name":"Maria Lopez","started_at":"2026-10-02T09:00:00Z"},
              {"session_id":"0a000000-0000-7000-8000-000000000002","client_id":"0b000000-0000-7000-8000-000000000002","client_name":"Ruth Aldana","started_at":"2026-10-01T09:00:00Z"}]}}
            """;

        var answer = await run.ToAnswerAsync();

        Assert.Equal(["search_sessions"], run.Calls.Select(call => call.Tool));
        Assert.StartsWith("I found sessions of 2 clients: Maria Lopez; Ruth Aldana. Whose do you mean?", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refine_NotAllCouldBeDone_SaysWhatWasNot()
    {
        var run = Run("Make the note shorter and move the plan to the top", "document");
        run.Results["refine_document"] =
            """{"success":true,"result":{"document_id":"d-1","document_name":"Progress note","version":2,"note":"The plan stays where it is."}}""";

        var answer = await run.ToAnswerAsync();

        Assert.StartsWith("I made a new version of the document \"Progress note\" (version 2).\nThe plan stays where it is.", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_TwoClientsOfThatName_AsksWhich()
    {
        var run = Run("Find Maria Lopez and show me the last session", "empty");
        run.Results["search_clients"] = """{"success":true,"result":{"items":[{"id":"c-1","name":"Maria Lopez","status":"active"},{"id":"c-2","name":"Maria Lopez","status":"inactive"}],"total":2}}""";

        var answer = await run.ToAnswerAsync();

        Assert.Equal(["search_clients"], run.Calls.Select(call => call.Tool));
        Assert.Contains("Which one do you mean?", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_Nobody_SaysSoAndStops()
    {
        var run = Run("Find Maria Lopez and show me the last session", "empty");
        run.Results["search_clients"] = """{"success":true,"result":{"items":[],"total":0}}""";

        var answer = await run.ToAnswerAsync();

        Assert.Equal(["search_clients"], run.Calls.Select(call => call.Tool));
        Assert.StartsWith("I found no client called Maria Lopez", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tool_Failed_IsToldAndNotRepeated()
    {
        var run = Run("Find Maria Lopez and show me the last session", "empty");
        run.Results["search_clients"] = """{"success":false,"error":{"code":"upstream_error","message":"The practice service did not answer.","retryable":true}}""";

        var answer = await run.ToAnswerAsync();

        Assert.Equal(["search_clients"], run.Calls.Select(call => call.Tool));
        Assert.Contains("search clients failed (upstream_error). The practice service did not answer.", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_HerLastSession_MeansTheClientOnTheScreen()
    {
        var run = Run("Show me her last session", "client");
        run.Results["search_sessions"] = TwoSessions;
        run.Results["load_session"] = Loaded;

        await run.ToAnswerAsync();

        Assert.Equal(("search_sessions", $$"""{"client_id":"{{LocalRequests.ClientId}}"}"""), run.Calls[0]);
    }

    private static LocalRun Run(string text, string uiState, string? without = null)
    {
        var options = LocalRequests.Options("transcribe_page");
        options.Tools = [.. options.Tools!.Where(tool => tool.Name != without)];
        return new(LocalRequests.Messages(text, uiState, "transcribe_page"), options);
    }
}
