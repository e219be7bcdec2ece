using System.Buffers;
using System.Text;
using AiPlatform.Services.Chat.Models.Catalogue.Reading;
using AiPlatform.Services.Chat.Models.Forwarding;

namespace AiPlatform.Services.Chat.Tests.Models.Catalogue;

/// <summary>What of a request that has everything reaches each vendor when the gateway forwards it: all but what that vendor answers with an error.</summary>
public sealed class VendorTests
{
    private const string Nameless = """[{"role":"user","content":"Hi"}]""";

    private static readonly (string Name, string Value)[] Everything =
    [
        ("messages", """[{"role":"user","content":"Hi","name":"nora"}]"""), ("max_tokens", "9"), ("temperature", "0.5"), ("top_p", "0.9"), ("n", "1"), ("stop", "[\"x\"]"),
        ("seed", "7"), ("presence_penalty", "0.1"), ("frequency_penalty", "0.2"), ("logit_bias", "{}"), ("logprobs", "true"), ("top_logprobs", "2"), ("user", "\"u\""),
        ("parallel_tool_calls", "false"), ("store", "true"), ("metadata", "{}"), ("service_tier", "\"auto\""), ("stream_options", "{}"), ("reasoning_effort", "\"low\""), ("vendors_own", "{}"),
    ];

    [Theory]
    [InlineData("openai", "")]
    [InlineData("azure", "")]
    [InlineData("xai", "logit_bias store metadata")]
    [InlineData("groq", "logit_bias logprobs top_logprobs store metadata messages[].name")]
    [InlineData("deepseek", "")]
    [InlineData("perplexity", "n stop seed logit_bias logprobs top_logprobs user parallel_tool_calls store metadata service_tier stream_options")]
    [InlineData("ollama", "")]
    [InlineData("vllm", "")]
    [InlineData("other", "")]
    public void Forward_ToEachVendor_LeavesOutWhatItRefuses(string vendor, string refused) =>
        Assert.Equal(Expected(refused), Forwarded(vendor, capabilities: "", Everything));

    [Theory]
    [InlineData("openai", "temperature top_p presence_penalty frequency_penalty logprobs top_logprobs logit_bias", "max_completion_tokens")]
    [InlineData("azure", "temperature top_p presence_penalty frequency_penalty logprobs top_logprobs logit_bias", "max_completion_tokens")]
    [InlineData("xai", "logit_bias store metadata presence_penalty frequency_penalty stop", "max_tokens")]
    [InlineData("deepseek", "logprobs top_logprobs", "max_tokens")]
    [InlineData("vllm", "", "max_tokens")]
    public void Forward_ToAModelThatReasons_LeavesOutWhatThoseRefuse(string vendor, string refused, string bound) =>
        Assert.Equal(Expected(refused, bound), Forwarded(vendor, "capabilities: [reasoning],", Everything));

    [Theory]
    [InlineData("openai", "o3-mini", "max_completion_tokens")]
    [InlineData("azure", "gpt-5", "max_completion_tokens")]
    [InlineData("openai", "gpt-4o", "max_tokens")]
    public void Forward_CatalogueSaysNothingOfReasoning_GoesByTheModelsName(string vendor, string model, string bound)
    {
        var sent = Forwarded(vendor, capabilities: "", model, ("max_tokens", "9"));

        Assert.Equal($$"""{"{{bound}}":9,"model":"{{model}}"}""", sent);
    }

    [Theory]
    [InlineData("openai", "max_completion_tokens")]
    [InlineData("deepseek", "max_tokens")]
    [InlineData("perplexity", "max_tokens")]
    [InlineData("ollama", "max_tokens")]
    [InlineData("vllm", "max_completion_tokens")]
    [InlineData("groq", "max_completion_tokens")]
    public void Forward_NewNameOfTheBound_IsTheOneThatTheVendorKnows(string vendor, string expected) =>
        Assert.Equal($$"""{"{{expected}}":5,"model":"x"}""", Forwarded(vendor, capabilities: "", ("max_completion_tokens", "5")));

    private static string Expected(string refused, string bound = "max_tokens")
    {
        var names = refused.Split(' ');
        return Json(
        [
            .. Everything.Where(member => !names.Contains(member.Name)).Select(member => (
                member.Name == "max_tokens" ? bound : member.Name,
                names.Contains("messages[].name") && member.Name == "messages" ? Nameless : member.Value)),
            ("model", "\"x\""),
        ]);
    }

    private static string Forwarded(string vendor, string capabilities, params (string, string)[] members) => Forwarded(vendor, capabilities, "x", members);

    private static string Forwarded(string vendor, string capabilities, string model, params (string, string)[] members)
    {
        var endpoint = CatalogueReader.Read(
            "models.yaml",
            $$"""groups: [{ name: m, {{capabilities}} endpoints: [{ vendor: {{vendor}}, base_url: "https://models.example", key: k, model: {{model}} }] }]""",
            _ => null).Default.Endpoints[0];
        var buffer = new PooledBuffer(16);
        buffer.Write(Encoding.UTF8.GetBytes(Json(members)));
        using var body = new RequestBody(buffer);
        var target = new ArrayBufferWriter<byte>();
        RequestRewriter.Write(body, endpoint, askForUsage: false, target);
        return Encoding.UTF8.GetString(target.WrittenSpan);
    }

    private static string Json(IEnumerable<(string Name, string Value)> members) => $"{{{string.Join(',', members.Select(member => $"\"{member.Name}\":{member.Value}"))}}}";
}
