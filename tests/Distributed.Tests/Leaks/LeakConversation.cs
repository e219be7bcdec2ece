using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Distributed.Tests.Leaks;

/// <summary>The main job and everything that can go wrong around it, each with a marker in it.</summary>
internal sealed class LeakConversation(LeakGraph graph, Markers markers)
{
    private const string Email = "nora.berg@harbourlane.example";
    private const string ClientName = "Maya Lindqvist";

    private readonly string _reply = markers.Plant("reply");
    private readonly string _draft = markers.Plant("draft");
    private readonly string _query = markers.Plant("toolargument");
    private readonly string _looked = markers.Plant("searchtext");
    private readonly string _providerError = markers.Plant("providererror");
    private readonly List<string> _answers = [];
    private string? _session;
    private string? _client;
    private bool _providerFails;

    /// <summary>What callers were answered when something was wrong.</summary>
    public IReadOnlyList<string> ErrorAnswers => _answers;

    public async Task PlayAsync()
    {
        graph.Model.Respond = Respond;
        markers.Guard("clientname", ClientName.Split(' ')[1]);
        await SignInWronglyAsync();
        var token = await SignInAsync();
        await ImportAsync(token);
        await ConverseAsync(token);
        await WriteDocumentsAsync(token, _session!);
        await BreakFramesAsync(token);
        await AskWronglyAsync(token);
        await FailProviderAsync(token, _session!);
        await LoseServersAsync(token);
    }

    private ModelReply Respond(ModelRequest request)
    {
        if (_providerFails)
        {
            return ModelReply.Refuse(HttpStatusCode.InternalServerError, $"Could not do {_providerError}.");
        }

        if (request.Tools.Count == 0)
        {
            return ModelReply.Text(Draft(request));
        }

        return request.Messages[^1].GetProperty("role").GetString() == "tool"
            ? ModelReply.Text($"Here is what I found: {_reply}.")
            : ModelReply.ToolCalls(
                new ModelStep.ToolCall("search_clients", JsonSerializer.Serialize(new { query = ClientName })),
                new ModelStep.ToolCall("search_clients", JsonSerializer.Serialize(new { query = _query })),
                new ModelStep.ToolCall("semantic_search_sessions", JsonSerializer.Serialize(new { query = $"thinking of {_looked}", transcript_ids = new[] { _session } })),
                new ModelStep.ToolCall("analyze_session_content", JsonSerializer.Serialize(new { session_id = _session, client_id = _client })));
    }

    // {"template":{"sections":[{"heading":"Said"}]},"sessions":[{"segments":[{"id":"1:1","speaker":"client","text":"..."}]}]}; anything else is plain chat.
    private string Draft(ModelRequest request)
    {
        var content = request.Messages.First(message => message.GetProperty("role").GetString() == "user").GetProperty("content").GetString()!;
        if (!content.StartsWith('{'))
        {
            return $"Plain {_reply}.";
        }

        var task = JsonElement.Parse(content);
        var segment = task.GetProperty("sessions")[0].GetProperty("segments")[0];
        return JsonSerializer.Serialize(new
        {
            sections = new[]
            {
                new
                {
                    heading = task.GetProperty("template").GetProperty("sections")[0].GetProperty("heading").GetString(),
                    sentences = new[] { new { text = $"It was about {_draft}.", evidence = new[] { segment.GetProperty("id").GetString() } } },
                },
            },
        });
    }

    private async Task SignInWronglyAsync()
    {
        using var api = graph.CreateClient("api");
        foreach (var email in (string[])[Email, $"{markers.Plant("address")}@x.example"])
        {
            await RefusedAsync(
                401, await api.PostAsJsonAsync("/api/v1/auth/login", new { email, password = markers.Plant($"password{email.Length}") }));
        }

        await RefusedAsync(401, await api.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken = markers.Plant("refresh") }));
        await RefusedAsync(400, await api.PostAsync("/api/v1/auth/login", Text($"{{\"email\":\"{markers.Plant("brokenlogin")}", "application/json")));
        await RefusedAsync(400, await api.PostAsync("/connect/token", Form(
            ("grant_type", markers.Plant("grant")), ("client_id", "chat"), ("client_secret", markers.Secrets["chat-secret"]), ("subject_token", "x"))));
        await RefusedAsync(401, await api.PostAsync("/connect/token", Form(
            ("grant_type", "client_credentials"), ("client_id", "chat"), ("client_secret", markers.Plant("servicesecret")))));
    }

    private async Task<string> SignInAsync()
    {
        using var api = graph.CreateClient("api");
        var users = await api.GetFromJsonAsync<List<JsonElement>>("/api/v1/sample-users");
        var password = users!.First(user => user.GetProperty("email").GetString() == Email).GetProperty("password").GetString()!;
        using var response = await api.PostAsJsonAsync("/api/v1/auth/login", new { email = Email, password = markers.Guard("password", password) });
        var data = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data");
        markers.Guard("refreshtoken", data.GetProperty("refreshToken").GetString()!);
        var token = data.GetProperty("accessToken").GetString()!;
        foreach (var (name, part) in new[] { "tokenhead", "tokenclaims", "tokensignature" }.Zip(token.Split('.')))
        {
            markers.Guard(name, part);
        }

        return token;
    }

    private async Task ImportAsync(string token)
    {
        using var api = graph.CreateClient("api", token);
        var client = (await api.GetFromJsonAsync<JsonElement>($"/api/v1/clients/search?query={Uri.EscapeDataString(ClientName)}")).GetProperty("items")[0];
        _client = client.GetProperty("id").GetString();
        var body = JsonSerializer.Serialize(new
        {
            clientId = _client,
            startedAt = DateTimeOffset.UtcNow.AddHours(-1),
            title = markers.Plant("title"),
            segments = new[] { new { speaker = "client", start = "00:00:01", text = $"I keep thinking of {markers.Plant("transcript")}." } },
        });
        var imported = await ImportAsync(api, body, "application/json", "");
        var csvPath = $"?clientId={_client}&startedAt=2026-11-18T17:00:00Z&title={markers.Plant("csvtitle")}";
        var cells = $"speaker,time,text,{markers.Plant("columnname")}\nclient,00:00:01,{markers.Plant("cell")},{markers.Plant("unusedcell")}\n";
        var csv = await ImportAsync(api, cells, "text/csv", csvPath);
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (imported.StatusCode, csv.StatusCode));

        foreach (var bad in (string[])
            [
                $"speaker,time,text\nclient,{markers.Plant("timecell")},x\n",
                $"speaker,time,text\nclient,1,a \"{markers.Plant("quotecell")}\"\n",
                $"speaker,{markers.Plant("badcolumn")}\nclient,1\n",
            ])
        {
            await RefusedAsync(400, await ImportAsync(api, bad, "text/csv", csvPath));
        }


        // The one thing that is told back, to who sent it only: which of their members is unknown. Everything else about it is searched.
        var name = markers.Plant("jsonname");
        await RefusedAsync(
            400, await ImportAsync(api, $"{{\"{name}\":1,\"startedAt\":\"{markers.Plant("jsontime")}\"}}", "application/json", ""), mayBeNamed: $"$.{name}");
        await RefusedAsync(400, await ImportAsync(api, $"{{\"segments\":[{{\"text\":{{\"{markers.Plant("jsoninner")}\":1}}}}]}}", "application/json", ""));
        await RefusedAsync(415, await ImportAsync(api, markers.Plant("wrongtype"), "text/plain", ""));
        _session = (await imported.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("sessionId").GetString()!;
    }

    private async Task ConverseAsync(string token)
    {
        await using var socket = await ChatSocket.ConnectAsync(graph.SocketUri($"/ws/{markers.Harmless}"), token);
        await socket.SendAsync(new
        {
            type = "ui_state_update",
            state = new { page_type = "transcribe_page", page_url = $"/{markers.Plant("pageurl")}", loadedSessions = Array.Empty<object>(), generatedDocuments = Array.Empty<object>() },
        });
        await socket.SendAsync(new { type = "chat_message", message = $"Find {ClientName}, who said {markers.Plant("message")}" });
        var run = await socket.ReadUntilAsync("agent_completed");

        Assert.Contains(_reply, string.Concat(run.Select(frame => frame.Raw)), StringComparison.Ordinal);
        Assert.Contains(graph.Model.Requests, request => request.Raw.Contains(markers.Secrets["message"], StringComparison.Ordinal));
        foreach (var (tool, told) in ((string, string)[])[("semantic_search_sessions", "passages"), ("analyze_session_content", "extractive")])
        {
            var answer = ToolAnswers().Single(answer => answer.Contains($"\"tool\":\"{tool}\"", StringComparison.Ordinal));
            Assert.Contains(told, answer, StringComparison.Ordinal);
            Assert.Contains(markers.Secrets["transcript"], answer, StringComparison.Ordinal);
        }
    }

    // What the model was told of its calls, when it was asked on.
    private IEnumerable<string> ToolAnswers() => graph.Model.Requests
        .Last(request => request.Messages[^1].GetProperty("role").GetString() == "tool")
        .Messages.Where(message => message.GetProperty("role").GetString() == "tool")
        .Select(message => message.GetProperty("content").GetString()!);

    private async Task WriteDocumentsAsync(string token, string session)
    {
        using var documents = graph.CreateClient("documents", token);
        using var template = await documents.PostAsJsonAsync(
            "/api/v1/templates", new { name = markers.Plant("templatename"), content = $"## Said\n{markers.Plant("template")}" });
        Assert.Equal(HttpStatusCode.Created, template.StatusCode);
        using var document = await documents.PostAsJsonAsync("/api/v1/documents/generate", new
        {
            template = new { content = "## Said" },
            sessionIds = new[] { session },
            documentName = markers.Plant("documentname"),
            instructions = $"Mention {markers.Plant("instructions")}.",
        });
        var body = await document.Content.ReadAsStringAsync();

        Assert.True(document.IsSuccessStatusCode, body);
        Assert.Contains(_draft, body, StringComparison.Ordinal);
        Assert.Contains(graph.Model.Requests, request =>
            request.Raw.Contains(markers.Secrets["instructions"], StringComparison.Ordinal) && request.Raw.Contains(markers.Secrets["transcript"], StringComparison.Ordinal));

        await RefusedAsync(400, await documents.PostAsync("/api/v1/templates", Text($"{{\"name\":{{\"{markers.Plant("badtemplate")}\":1}}}}", "application/json")));
        await RefusedAsync(400, await documents.PostAsJsonAsync("/api/v1/documents/generate", new
        {
            template = new { content = "## Said" },
            sessionIds = new[] { markers.Plant("badsession") },
        }));
        await RefusedAsync(404, await documents.PostAsJsonAsync("/api/v1/documents/generate", new
        {
            template = new { content = $"## {markers.Plant("heading")}" },
            sessionIds = new[] { Guid.CreateVersion7() },
        }));
    }

    private async Task BreakFramesAsync(string token)
    {
        await using var socket = await ChatSocket.ConnectAsync(graph.SocketUri($"/ws/{markers.Harmless}-broken"), token);
        await socket.ReadUntilAsync("websocket_ready");
        foreach (var frame in (string[])
            [
                markers.Plant("nojson"),
                $"{{\"type\":\"{markers.Plant("type")}\"}}",
                $"{{\"type\":\"chat_message\",\"message\":{{\"{markers.Plant("nested")}\":1}}}}",
                $"{{\"type\":\"chat_message\",\"message\":\"{markers.Plant("halftext")}\\ud800\"}}",
                $"{{\"type\":\"chat_message\",\"message\":\"x\",\"thread_id\":\"{markers.Plant("threadid")}\"}}",
                $"{{\"type\":\"chat_message\",\"message\":\"x\",\"profile_id\":\"{markers.Plant("profileid")}\"}}",
                $"{{\"type\":\"cancel\",\"run_id\":\"{markers.Plant("runid")}\"}}",
                $"{{\"type\":\"stream_resume\",\"run_id\":\"{markers.Plant("resumed")}\"}}",
                $"{{\"type\":\"ping\",\"auth_token\":\"{markers.Plant("authtoken")}\"}}",
                $"{{\"type\":\"ping\",\"auth_token\":\"{Forged()}\"}}",
                $"{{\"requestType\":\"{markers.Plant("requesttype")}\",\"userInput\":{{\"prompt\":\"x\"}}}}",
                $"{{\"requestType\":\"text\",\"userInput\":{{\"prompt\":\"x\",\"session_id\":\"{markers.Plant("sessionid")}!\"}}}}",
                $"{{\"requestType\":\"text\",\"customerId\":\"{markers.Plant("customerid")}\",\"userInput\":{{\"prompt\":\"x\"}}}}",
            ])
        {
            await socket.SendTextAsync(frame);
            _answers.Add((await socket.ReadUntilAsync("error"))[^1].Raw);
        }

        await socket.SendBinaryAsync(Encoding.UTF8.GetBytes(markers.Plant("binary")));
        await socket.ReadUntilClosedAsync();
    }

    private async Task AskWronglyAsync(string token)
    {
        var (claim, tokenInUrl, route) = (Forged(), markers.Plant("tokeninurl"), markers.Plant("route"));
        foreach (var service in LeakGraph.Services)
        {
            using var stranger = graph.CreateClient(service);
            using var client = graph.CreateClient(service, token);
            await RefusedAsync(404, await client.GetAsync($"/{markers.Harmless}?filter={route}"));
            await RefusedAsync(404, await client.GetAsync($"/{markers.Harmless}?token={tokenInUrl}"));
            using var header = new HttpRequestMessage(HttpMethod.Get, "/api/v1/threads");
            header.Headers.TryAddWithoutValidation("Authorization", $"Bearer {claim}");
            await RefusedAsync(401, await stranger.SendAsync(header));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await ChatSocket.ConnectRefusedAsync(graph.SocketUri($"/ws/{markers.Harmless}"), tokenInUrl));
        Assert.Equal(HttpStatusCode.Unauthorized, await ChatSocket.ConnectRefusedAsync(graph.SocketUri("/chat/ws"), claim));
        using var chat = graph.CreateClient("chat", token);
        await RefusedAsync(400, await chat.GetAsync($"/ws/{markers.Harmless}?token={tokenInUrl}"));
        await RefusedAsync(400, await chat.GetAsync($"/api/v1/threads?limit={markers.Plant("limit")}"));
        await RefusedAsync(400, await chat.PostAsync("/sessions", Text($"{{\"persona\":\"{markers.Plant("persona")}\"}}", "application/json")));
        await RefusedAsync(404, await chat.PostAsJsonAsync("/v1/chat/completions", new { model = markers.Harmless, messages = new[] { new { role = "user", content = "x" } } }));
        await RefusedAsync(400, await chat.PostAsync("/v1/chat/completions", Text($"{{\"messages\":\"{markers.Plant("messages")}\"", "application/json")));
        using var api = graph.CreateClient("api", token);
        await RefusedAsync(400, await api.GetAsync($"/api/v1/sessions/search?clientId={markers.Plant("clientid")}"));
        using var answer = await chat.PostAsJsonAsync(
            "/v1/chat/completions", new { model = "default", messages = new[] { new { role = "user", content = markers.Plant("prompt") } } });
        Assert.Contains(_reply, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task FailProviderAsync(string token, string session)
    {
        _providerFails = true;
        await using var socket = await ChatSocket.ConnectAsync(graph.SocketUri($"/ws/{markers.Harmless}-failing"), token);
        await socket.SendAsync(new { type = "chat_message", message = markers.Plant("failedmessage") });
        var run = await socket.ReadUntilAsync("agent_completed");
        _answers.AddRange(run.Where(frame => frame.Type != "user_message").Select(frame => frame.Raw));
        Assert.Contains(run, frame => frame.Type == "error");

        using var chat = graph.CreateClient("chat", token);
        await RefusedAsync(502, await chat.PostAsJsonAsync(
            "/v1/chat/completions", new { model = "second", messages = new[] { new { role = "user", content = markers.Plant("failedprompt") } } }));
        using var documents = graph.CreateClient("documents", token);
        await RefusedAsync(503, await documents.PostAsJsonAsync("/api/v1/documents/generate", new
        {
            template = new { content = $"## {markers.Plant("failedheading")}" },
            sessionIds = new[] { session },
            instructions = markers.Plant("failedinstructions"),
        }));
        _providerFails = false;
    }

    // What none of the services expects: its stores go away in the middle of its work.
    private async Task LoseServersAsync(string token)
    {
        await using var socket = await ChatSocket.ConnectAsync(graph.SocketUri($"/ws/{markers.Harmless}-lost"), token);
        await socket.ReadUntilAsync("websocket_ready");
        await graph.StopAsync("mysql");
        await graph.StopAsync("redis");

        using var api = graph.CreateClient("api");
        await RefusedAsync(503, await api.PostAsJsonAsync(
            "/api/v1/auth/login", new { email = $"{markers.Plant("lostaddress")}@x.example", password = markers.Plant("lostpassword") }));
        using var documents = graph.CreateClient("documents", token);
        await RefusedAsync(503, await documents.PostAsJsonAsync("/api/v1/templates", new { name = markers.Plant("losttemplate"), content = "## A" }));
        using var chat = graph.CreateClient("chat", token);
        await RefusedAsync(503, await chat.GetAsync($"/api/v1/threads?cursor={Guid.CreateVersion7()}&filter={markers.Plant("lostfilter")}"));
        await socket.SendAsync(new { type = "chat_message", message = markers.Plant("lostmessage") });
        _answers.Add((await socket.ReadUntilAsync("error"))[^1].Raw);
    }

    // A token that says something about somebody, and is signed by nobody.
    private string Forged() => string.Join('.', new[]
    {
        """{"alg":"ES256","kid":"nobody","typ":"JWT"}""",
        JsonSerializer.Serialize(new { sub = Guid.CreateVersion7(), note = markers.Plant($"claim{markers.Secrets.Count}") }),
        "signature",
    }.Select(part => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part))).Select((part, index) => markers.Guard($"forged{markers.Secrets.Count}x{index}", part)));

    private async Task RefusedAsync(int status, HttpResponseMessage response, string? mayBeNamed = null)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{response.RequestMessage!.RequestUri}: expected {status}, was {(int)response.StatusCode}: {body}");
        _answers.Add(mayBeNamed is null ? body : body.Replace($"\"field\":\"{mayBeNamed}\"", "", StringComparison.Ordinal));
        response.Dispose();
    }

    private static async Task<HttpResponseMessage> ImportAsync(HttpClient api, string body, string mediaType, string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/sessions/import{query}")
        {
            Headers = { { "Idempotency-Key", Guid.CreateVersion7().ToString() } },
            Content = Text(body, mediaType),
        };
        return await api.SendAsync(request);
    }

    private static StringContent Text(string text, string mediaType) => new(text, Encoding.UTF8, new MediaTypeHeaderValue(mediaType));

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
}
