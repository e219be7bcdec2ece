using System.Buffers;
using System.Text.Json;
using AiPlatform.Services.Chat.Models.Caching;

namespace AiPlatform.Services.Chat.Tests.Models.Caching;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("1", "1e0")]
    [InlineData("1200", "1.2E+3")]
    [InlineData("0.05", "5e-2")]
    [InlineData("0", "0.000e9")]
    [InlineData("-0", "-0.0")]
    [InlineData("9007199254740993", "9007199254740993.0")]
    [InlineData("1e400", "10e399")]
    [InlineData("\"\\u00e9\"", "\"é\"")]
    [InlineData("\"\\ud83d\\ude42\"", "\"🙂\"")]
    [InlineData("\"a\\/b\"", "\"a/b\"")]
    [InlineData("{\"a\":1,\"b\":[2,{\"d\":3,\"c\":4}]}", "{ \"b\" : [2, {\"c\":4, \"d\":3}],\n\"\\u0061\":1 }")]
    public void Write_SameValue_IsTheSame(string one, string other) => Assert.Equal(Canonical(one), Canonical(other));

    [Theory]
    [InlineData("1", "\"1\"")]
    [InlineData("1", "true")]
    [InlineData("0", "-0")]
    [InlineData("9007199254740993", "9007199254740992")]
    [InlineData("1e1", "1e-1")]
    [InlineData("12", "120")]
    [InlineData("null", "false")]
    [InlineData("\"\"", "null")]
    [InlineData("[]", "{}")]
    [InlineData("[[1],2]", "[[1,2]]")]
    [InlineData("[\"a\",\"b\"]", "[\"a,b\"]")]
    [InlineData("[\"ab\",\"\"]", "[\"a\",\"b\"]")]
    [InlineData("{\"a\":{}}", "{\"a\":null}")]
    [InlineData("{\"a\":1}", "{\"A\":1}")]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("\"é\"", "\"e\\u0301\"")]
    public void Write_OtherValue_IsAnother(string one, string other) => Assert.NotEqual(Canonical(one), Canonical(other));

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\udc00\":1}")]
    public void Write_NoUnicode_IsRefused(string json) => Assert.Throws<InvalidOperationException>(() => Canonical(json));

    private static string Canonical(string json)
    {
        var target = new ArrayBufferWriter<byte>();
        CanonicalJson.Write(JsonElement.Parse(json), target);
        return Convert.ToHexString(target.WrittenSpan);
    }
}
