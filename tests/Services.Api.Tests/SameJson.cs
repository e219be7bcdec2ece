using System.Text.Json.Nodes;

namespace AiPlatform.Services.Api.Tests;

/// <summary>Compares JSON texts by what they say, so that an expected one may stand on several lines.</summary>
internal sealed class SameJson : IEqualityComparer<string>
{
    public static readonly SameJson Comparer = new();

    public bool Equals(string? x, string? y) => JsonNode.DeepEquals(JsonNode.Parse(x!), JsonNode.Parse(y!));

    public int GetHashCode(string obj) => 0;
}
