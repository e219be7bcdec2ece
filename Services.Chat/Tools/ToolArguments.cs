using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tools;

/// <summary>Checked arguments of one call, defaults filled in, and what the call happens in.</summary>
internal sealed class ToolArguments(IDictionary<string, object?> values, ToolContext call) : AIFunctionArguments(values)
{
    public ToolContext Call => call;

    public string Text(string name) => Element(name)?.GetString() ?? throw Undeclared(name);

    public string? OptionalText(string name) => Element(name)?.GetString() is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    public Guid Id(string name) => OptionalId(name) ?? throw Undeclared(name);

    public Guid? OptionalId(string name) => Element(name)?.GetString() is { } text ? Guid.Parse(text) : null;

    public IReadOnlyList<Guid> Ids(string name) =>
        Element(name) is { } list ? [.. list.EnumerateArray().Select(id => Guid.Parse(id.GetString()!)).Distinct()] : [];

    public DateOnly? OptionalDate(string name) =>
        Element(name)?.GetString() is { } text ? DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null;

    public int Whole(string name) => (int)Number(name);

    public double Number(string name) => Element(name)?.GetDouble() ?? throw Undeclared(name);

    public bool Flag(string name) => Element(name)?.GetBoolean() ?? throw Undeclared(name);

    private JsonElement? Element(string name) => TryGetValue(name, out var value) && value is JsonElement element ? element : null;

    private static InvalidOperationException Undeclared(string name) => new($"The tool reads {name}, which it declares neither required nor with a default.");
}
