using System.Buffers;
using System.Text;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Forwarding;

namespace AiPlatform.Services.Chat.Tests.Models.Forwarding;

public sealed class RequestRewriterTests
{
    [Theory]
    [InlineData("""{ "a":1.50, "model" : "m" , "z":[1e5] }""", """{ "a":1.50, "model" : "other" , "z":[1e5] }""")]
    [InlineData("""{"messages":[]}""", """{"messages":[],"model":"other"}""")]
    [InlineData("{ }", """{"model":"other" }""")]
    [InlineData("""{"model":"m","cache":{"no-cache":true},"b":1}""", """{"model":"other","b":1}""")]
    [InlineData("""{"cache":true,  "model":"m"}""", """{"model":"other"}""")]
    [InlineData("""{"model":"m", "logit_bias":{"1":2}}""", """{"model":"other"}""")]
    [InlineData("""{"max_tokens" : 5,"model":"m"}""", """{"max_completion_tokens" : 5,"model":"other"}""")]
    [InlineData("""{"max_tokens":5, "model":"m", "max_completion_tokens":7}""", """{"model":"other", "max_completion_tokens":7}""")]
    [InlineData("""{"model":"m","messages":[{"name":"n","role":"user"},7, {"role":"tool", "name":"x"}]}""", """{"model":"other","messages":[{"role":"user"},7, {"role":"tool"}]}""")]
    [InlineData("""{"model":"m","é\u0041":"\ud83d\ude42"}""", """{"model":"other","é\u0041":"\ud83d\ude42"}""")]
    public void Write_AnyRequest_ChangesOnlyWhatHasToBe(string request, string expected) => Assert.Equal(expected, Rewrite(request, askForUsage: false));

    [Theory]
    [InlineData("""{"model":"m","stream":true}""", """{"model":"other","stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"m","stream_options":null,"stream":true}""", """{"model":"other","stream_options":{"include_usage":true},"stream":true}""")]
    [InlineData("""{"model":"m","stream_options":{"include_usage":false, "x":1}}""", """{"model":"other","stream_options":{"x":1,"include_usage":true}}""")]
    public void Write_UsageIsWanted_AsksForIt(string request, string expected) => Assert.Equal(expected, Rewrite(request, askForUsage: true));

    [Theory]
    [InlineData("[]", "invalid_json")]
    [InlineData("""{"\ud800":1}""", "invalid_json")]
    [InlineData("""{"model":"a" "b":1}""", "invalid_json")]
    [InlineData("""{} {}""", "invalid_json")]
    [InlineData("""{"model":5}""", "invalid_value")]
    [InlineData("""{"stream":"yes"}""", "invalid_value")]
    [InlineData("""{"model":"a","mod\u0065l":"b"}""", "invalid_value")]
    [InlineData("""{"model":"\ud800"}""", "invalid_value")]
    [InlineData("""{"stream_options":3}""", "invalid_value")]
    public void Read_BadRequest_IsRefused(string request, string code)
    {
        var failure = Assert.Throws<DomainException>(() => Body(request));

        Assert.Equal((DomainErrorKind.Invalid, code), (failure.Kind, failure.Code));
    }

    [Fact]
    public void Read_WhatTheGatewayNeeds_IsThere()
    {
        using var body = Body("""{"model":"m","stream":true,"stream_options":{"include_usage":true},"max_tokens":9,"max_completion_tokens":7,"previous_response_id":"resp_1"}""");

        Assert.Equal(("m", true, true, 7L, "resp_1"), (body.Model, body.Streams, body.AsksForUsage, body.MaxOutput, body.PreviousResponseId));
    }

    private static string Rewrite(string request, bool askForUsage)
    {
        var endpoint = new ModelEndpoint
        {
            Id = "e",
            Name = "e",
            Provider = ModelProvider.OpenAi,
            ModelId = "other",
            Parameters = ParameterRules.Renaming("max_tokens", "max_completion_tokens").With(ParameterRules.Dropping("logit_bias", "messages[].name")),
        };
        var target = new ArrayBufferWriter<byte>();
        using var body = Body(request);
        RequestRewriter.Write(body, endpoint, askForUsage, target);
        return Encoding.UTF8.GetString(target.WrittenSpan);
    }

    private static RequestBody Body(string request)
    {
        var buffer = new PooledBuffer(16);
        buffer.Write(Encoding.UTF8.GetBytes(request));
        return new(buffer);
    }
}
