using System.Text.Json.Nodes;

namespace AiPlatform.Services.Api.Tests.OpenApi;

public sealed class SchemaCheckTests
{
    private const string Schema =
        """
        {
          "required": ["title"], "type": "object", "additionalProperties": false,
          "properties": {
            "title": { "type": "string", "maxLength": 5 }, "id": { "type": ["null", "string"], "format": "uuid" }, "count": { "type": "integer", "minimum": 1, "maximum": 9 },
            "kind": { "enum": ["a", "b"], "type": "string" }, "parts": { "type": "array", "items": { "$ref": "#/components/schemas/Part" } },
            "part": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Part" }] }, "at": { "type": "string", "format": "date-time" }
          }
        }
        """;

    private static readonly JsonObject Root = JsonNode.Parse(
        """{"components":{"schemas":{"Part":{"type":"object","required":["x"],"properties":{"x":{"type":"number"}}}}}}""")!.AsObject();

    [Theory]
    [InlineData("""{"title":"abc"}""")]
    [InlineData("""{"title":"abc","id":null,"count":9,"kind":"b","parts":[{"x":1.5},{"x":2,"more":1}],"part":null,"at":"2026-11-20T17:00:00Z"}""")]
    [InlineData("""{"title":"","id":"0a000000-0000-7000-8000-000000000301","part":{"x":-1e3}}""")]
    public void Check_FittingValue_HasNoFault(string value) => Assert.Empty(FaultsOf(value, Schema));

    [Theory]
    [InlineData("""{}""", "$: title is missing")]
    [InlineData("""[]""", "$: [] is no object")]
    [InlineData("""{"title":"abcdef"}""", "$.title: is longer than 5")]
    [InlineData("""{"title":7}""", "$.title: 7 is no string")]
    [InlineData("""{"title":"a","id":"7"}""", "$.id: 7 is no uuid")]
    [InlineData("""{"title":"a","count":0}""", "$.count: 0 is less than 1")]
    [InlineData("""{"title":"a","count":10}""", "$.count: 10 is more than 9")]
    [InlineData("""{"title":"a","count":1.5}""", "$.count: 1.5 is no integer")]
    [InlineData("""{"title":"a","kind":"c"}""", """$.kind: "c" is none of ["a","b"]""")]
    [InlineData("""{"title":"a","parts":[{"x":1},{}]}""", "$.parts[1]: x is missing")]
    [InlineData("""{"title":"a","at":"2026-11-20"}""", "$.at: 2026-11-20 is no date-time")]
    [InlineData("""{"title":"a","other":1}""", "$: other is unknown")]
    public void Check_UnfitValue_NamesTheFault(string value, string fault) => Assert.Equal([fault], FaultsOf(value, Schema));

    [Fact]
    public void Check_UnfitAlternative_IsAFault() => Assert.Single(FaultsOf("""{"title":"a","part":{}}""", Schema));

    [Fact]
    public void Check_UnknownKeyword_IsAFault() => Assert.Equal(["$: the keyword maxProperties is not known here"], FaultsOf("{}", """{"maxProperties":1}"""));

    private static IEnumerable<string> FaultsOf(string value, string schema) =>
        new SchemaCheck(Root).FaultsOf(JsonNode.Parse(value), JsonNode.Parse(schema)!, "$");
}
