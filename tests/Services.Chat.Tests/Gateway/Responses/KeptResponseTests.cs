using System.Net;
using System.Text;
using System.Text.Json;
using AiPlatform.Tests.Common;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Tests.Gateway.Responses;

/// <summary>What is kept of responses, for whom, and how long.</summary>
public sealed class KeptResponseTests
{
    [Fact]
    public async Task Continue_PreviousResponse_TellsTheModelAllThatWasSaid()
    {
        await using var host = await ResponseHost.StartAsync();
        host.Model.Enqueue(
            ModelReply.Of(new ModelStep.Thought("Hm.", "sig"), new ModelStep.ToolCall("find", """{"n":1}""", "c1")), ModelReply.Text("Found."), ModelReply.Text("Bye."));

        var first = await host.CreatedAsync("""{"model":"anthropic","input":"Hi","instructions":"Be brief.","tools":[{"type":"function","name":"find"}],"reasoning":{"effort":"medium"}}""");
        var second = await host.CreatedAsync($$$"""{"model":"anthropic","previous_response_id":"{{{Id(first)}}}","input":[{"type":"function_call_output","call_id":"c1","output":"none"}],"tools":[{"type":"function","name":"find"}],"reasoning":{"effort":"medium"}}""");
        await host.CreatedAsync($$"""{"model":"anthropic","previous_response_id":"{{Id(second)}}","input":"Thanks."}""");

        Assert.Equal(Id(first), second.GetProperty("previous_response_id").GetString());
        var sent = host.Model.Requests[^1].Json;
        Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse("""
                [{"role":"user","content":[{"type":"text","text":"Hi"}]},
                 {"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"sig"},{"type":"tool_use","id":"c1","name":"find","input":{"n":1}}]},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","is_error":false,"content":"none"}]},
                 {"role":"assistant","content":[{"type":"text","text":"Found."}]},
                 {"role":"user","content":[{"type":"text","text":"Thanks."}]}]
                """),
            sent.GetProperty("messages")), sent.GetRawText());

        // Instructions are of one response and do not go on to the next.
        Assert.False(sent.TryGetProperty("system", out _));
    }

    [Fact]
    public async Task Continue_SealedThought_GoesBackToTheModelThatThoughtIt()
    {
        await using var host = await ResponseHost.StartAsync();
        host.Model.Enqueue(ModelReply.Of(new ModelStep.Thought("Hm.", "sig"), new ModelStep.ToolCall("find", "{}", "c1")), ModelReply.Text("Found."));
        var first = await host.CreatedAsync("""{"model":"anthropic","input":"Hi","store":false,"include":["reasoning.encrypted_content"],"tools":[{"type":"function","name":"find"}]}""");
        var output = string.Join(',', first.GetProperty("output").EnumerateArray().Select(item => item.GetRawText()));

        await host.CreatedAsync($$$"""{"model":"anthropic","input":[{"role":"user","content":"Hi"},{{{output}}},{"type":"function_call_output","call_id":"c1","output":"none"}]}""");

        Assert.Equal(
            """{"type":"thinking","thinking":"Hm.","signature":"sig"}""",
            host.Model.Requests[^1].Messages[1].GetProperty("content")[0] is var thought && thought.TryGetProperty("signature", out _) ? Ordered(thought) : "");

        static string Ordered(JsonElement block) =>
            $$"""{"type":"{{block.GetProperty("type").GetString()}}","thinking":"{{block.GetProperty("thinking").GetString()}}","signature":"{{block.GetProperty("signature").GetString()}}"}""";
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Continue_SignedCallOfGemini_GoesBackWithItsSignature(bool isKept, bool isStreamed)
    {
        await using var host = await ResponseHost.StartAsync();
        host.Model.Enqueue(ModelReply.ToolCalls(new ModelStep.ToolCall("find", """{"n":1}""", Signature: "sig")), ModelReply.Text("Done."));
        var request = $$"""{"model":"gemini","input":"Hi","store":{{(isKept ? "true" : "false")}},"tools":[{"type":"function","name":"find"}]""";
        var first = isStreamed
            ? JsonElement.Parse((await host.StreamAsync(request + ",\"stream\":true}"))[^1]).GetProperty("response")
            : await host.CreatedAsync(request + "}");
        var call = first.GetProperty("output")[0];
        var output = $$"""{"type":"function_call_output","call_id":"{{call.GetProperty("call_id").GetString()}}","output":"none"}""";

        await host.CreatedAsync(isKept
            ? $$"""{"model":"gemini","previous_response_id":"{{Id(first)}}","input":[{{output}}]}"""
            : $$"""{"model":"gemini","input":[{"role":"user","content":"Hi"},{{call.GetRawText()}},{{output}}]}""");

        Assert.Equal("""{"google":{"thought_signature":"sig"}}""", call.GetProperty("extra_content").GetRawText());
        Assert.Equal(
            """[{"functionCall":{"name":"find","args":{"n":1}},"thoughtSignature":"sig"}]""",
            host.Model.Requests[^1].Json.GetProperty("contents")[1].GetProperty("parts").GetRawText());
    }

    [Fact]
    public async Task Read_AnothersResponse_IsNotThere()
    {
        await using var host = await ResponseHost.StartAsync();
        host.Model.Enqueue(ModelReply.Text("Mine."), ModelReply.Text("Mine again."));
        var id = Id(await host.CreatedAsync("""{"model":"chat","input":"Hi"}"""));
        TestToken colleague = new() { PracticeId = host.User.PracticeId };
        TestToken stranger = new() { UserId = host.User.UserId };

        foreach (var other in (TestToken[])[colleague, stranger])
        {
            var expected = (HttpStatusCode.NotFound, $$$"""{"error":{"message":"Response with id \u0027{{{id}}}\u0027 not found.","type":"invalid_request_error","param":null,"code":"response_not_found"}}""");
            Assert.Equal(expected, Text(await host.SendAsync(HttpMethod.Get, $"/v1/responses/{id}", other)));
            Assert.Equal(expected, Text(await host.SendAsync(HttpMethod.Delete, $"/v1/responses/{id}", other)));
            Assert.Equal(expected, Text(await host.SendAsync(HttpMethod.Post, $"/v1/responses/{id}/cancel", other)));
            Assert.Equal(
                (HttpStatusCode.NotFound, $$$"""{"error":{"message":"Previous response with id \u0027{{{id}}}\u0027 not found.","type":"invalid_request_error","param":"previous_response_id","code":"previous_response_not_found"}}"""),
                Text(await host.CreateAsync($$"""{"model":"chat","input":"Hi","previous_response_id":"{{id}}"}""", other)));
        }

        Assert.Equal(HttpStatusCode.OK, (await host.CreateAsync($$"""{"model":"chat","input":"Hi","previous_response_id":"{{id}}"}""")).Status);
        Assert.Equal(2, host.Model.Requests.Count);
    }

    [Fact]
    public async Task Delete_Own_IsGone()
    {
        await using var host = await ResponseHost.StartAsync();
        host.Model.Enqueue(ModelReply.Text("Fine."));
        var id = Id(await host.CreatedAsync("""{"model":"chat","input":"Hi"}"""));

        Assert.Equal((HttpStatusCode.OK, $$"""{"id":"{{id}}","object":"response","deleted":true}"""), Text(await host.SendAsync(HttpMethod.Delete, $"/v1/responses/{id}")));
        Assert.Equal(HttpStatusCode.NotFound, (await host.SendAsync(HttpMethod.Get, $"/v1/responses/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await host.SendAsync(HttpMethod.Delete, $"/v1/responses/{id}")).Status);
    }

    [Fact]
    public async Task Read_ResponseThatItsEndpointKeeps_IsFoundThereByItsOwnerOnly()
    {
        await using var host = await ResponseHost.StartAsync();
        host.Model.Enqueue(ModelReply.Text("Kept there."));
        var made = await host.CreatedAsync("""{"model":"responses","input":"Hi"}""");
        TestToken colleague = new() { PracticeId = host.User.PracticeId };

        var strangers = await host.SendAsync(HttpMethod.Get, $"/v1/responses/{Id(made)}", colleague);
        var deletedByStranger = await host.SendAsync(HttpMethod.Delete, $"/v1/responses/{Id(made)}", colleague);
        var read = await host.SendAsync(HttpMethod.Get, $"/v1/responses/{Id(made)}");
        var deleted = await host.SendAsync(HttpMethod.Delete, $"/v1/responses/{Id(made)}");
        var gone = await host.SendAsync(HttpMethod.Get, $"/v1/responses/{Id(made)}");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (strangers.Status, deletedByStranger.Status));
        Assert.Equal((HttpStatusCode.OK, made.GetRawText()), Text(read));
        Assert.Equal((HttpStatusCode.OK, true), (deleted.Status, deleted.Body.GetProperty("deleted").GetBoolean()));
        Assert.Equal((HttpStatusCode.NotFound, "response_not_found"), (gone.Status, gone.Body.GetProperty("error").GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("\"store\":false", "Gateway:Responses:Minutes", "5")]
    [InlineData("\"store\":true", "Gateway:Responses:Keep", "false")]
    [InlineData("\"store\":true", "Gateway:Responses:MaxKilobytes", "1")]
    public async Task Create_NotToBeKept_SaysSoAndIsGone(string store, string setting, string value)
    {
        await using var host = await ResponseHost.StartAsync((setting, value));
        host.Model.Enqueue(ModelReply.Text(new string('x', 2000)));

        var response = await host.CreatedAsync($$"""{"model":"chat","input":"Hi",{{store}}}""");

        Assert.False(response.GetProperty("store").GetBoolean());
        Assert.Equal(HttpStatusCode.NotFound, (await host.SendAsync(HttpMethod.Get, $"/v1/responses/{Id(response)}")).Status);
    }

    [Fact]
    public async Task Create_MoreThanAUserMayHave_TheOldestGoes()
    {
        await using var host = await ResponseHost.StartAsync(("Gateway:Responses:MaxPerUser", "2"));
        host.Model.Respond = _ => ModelReply.Text("Fine.");
        var ids = new List<string>();
        foreach (var _ in Enumerable.Range(0, 3))
        {
            ids.Add(Id(await host.CreatedAsync("""{"model":"chat","input":"Hi"}""")));
        }

        var found = new List<HttpStatusCode>();
        foreach (var id in ids)
        {
            found.Add((await host.SendAsync(HttpMethod.Get, $"/v1/responses/{id}")).Status);
        }

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.OK, HttpStatusCode.OK], found);
    }

    [Fact]
    public async Task Keep_Contents_AreSealedForTheirOwnerAndExpire()
    {
        await using var host = await ResponseHost.StartAsync();
        host.Model.Enqueue(ModelReply.Text("the plan of Maya Lindqvist"));
        var id = Id(await host.CreatedAsync("""{"model":"chat","input":"what about Maya Lindqvist"}"""));
        using var redis = await ConnectAsync(host);
        var database = redis.GetDatabase();
        var (mine, theirs) = (Key(host.User, id), Key(host.User with { UserId = Guid.CreateVersion7() }, id));

        var contents = (byte[])(await database.HashGetAsync(mine, "d"))!;

        Assert.DoesNotContain("Maya", Encoding.UTF8.GetString(contents), StringComparison.Ordinal);
        Assert.InRange((await database.KeyTimeToLiveAsync(mine))!.Value, TimeSpan.FromHours(5.9), TimeSpan.FromHours(6));

        // Moved to another's key it opens for nobody.
        var other = Guid.Parse(theirs.Split(':')[3]);
        await database.HashSetAsync(theirs, [new("s", "completed"), new("d", contents), new("a", 0)]);
        Assert.Equal(HttpStatusCode.NotFound, (await host.SendAsync(HttpMethod.Get, $"/v1/responses/{id}", host.User with { UserId = other })).Status);
    }

    [Fact]
    public async Task Create_RedisAway_AnswersAndSaysItIsNotKept()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var host = await ResponseHost.StartAsync(("ConnectionStrings:redis", redis.ConnectionString));
        host.Model.Enqueue(ModelReply.Text("Fine."), ModelReply.Text("Fine."));
        var before = Id(await host.CreatedAsync("""{"model":"chat","input":"Hi"}"""));
        await redis.StopAsync();

        var response = await host.CreatedAsync("""{"model":"chat","input":"Hi"}""");
        var (status, body) = await host.SendAsync(HttpMethod.Get, $"/v1/responses/{before}");

        Assert.Equal(("completed", false), (response.GetProperty("status").GetString(), response.GetProperty("store").GetBoolean()));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "server_error"), (status, body.GetProperty("error").GetProperty("type").GetString()));
    }

    internal static async Task<ConnectionMultiplexer> ConnectAsync(ResponseHost host) =>
        await ConnectionMultiplexer.ConnectAsync(host.Chat.Settings["ConnectionStrings:redis"]);

    internal static string Key(TestToken user, string id) => $"gateway:{user.PracticeId}:response:{user.UserId}:{id}";

    private static string Id(JsonElement response) => response.GetProperty("id").GetString()!;

    private static (HttpStatusCode Status, string Body) Text((HttpStatusCode Status, JsonElement Body) answer) => (answer.Status, answer.Body.GetRawText());
}
