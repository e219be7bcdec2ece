using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiPlatform.Services.Chat.Tests.Tools;

internal static class JsonAssert
{
    /// <summary>Compares whole values; the order of an object's fields does not matter.</summary>
    public static void Equal(string expected, JsonElement actual)
    {
        if (!JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual.GetRawText())))
        {
            Assert.Fail($"Expected {JsonNode.Parse(expected)}\nbut was {JsonNode.Parse(actual.GetRawText())}");
        }
    }
}
