using System.Text.Json;

namespace AiPlatform.Tests.Common;

/// <summary>A frame as it came, and as JSON.</summary>
public sealed record ReceivedFrame(string Raw, JsonElement Json)
{
    public string Type => TextOf("type") ?? "";

    public string? RunId => TextOf("run_id");

    public string? Epoch => TextOf("epoch");

    public long? Seq => Json.TryGetProperty("seq", out var seq) ? seq.GetInt64() : null;

    public static ReceivedFrame Parse(string raw)
    {
        using var document = JsonDocument.Parse(raw);
        return new(raw, document.RootElement.Clone());
    }

    public string? TextOf(string property) =>
        Json.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public override string ToString() => Raw;
}
