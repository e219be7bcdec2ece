using System.Globalization;
using System.Text;

namespace AiPlatform.Services.Chat.Usage.Records;

/// <summary>
/// Settled calls as the rows of one statement. A parameter costs the driver more than all else of a value, so there is none: numbers and times stand
/// in the statement as they are, and texts as their bytes in hexadecimal, in which there is nothing that could end them.
/// </summary>
internal sealed class SettledRows
{
    private readonly StringBuilder _values = new();

    // Most texts are those of the row before: the practice, the model, how it ended.
    private readonly Dictionary<string, string> _literals = new(StringComparer.Ordinal);

    /// <summary>(_utf8mb4 x'30484e', 24, ...), (...)</summary>
    public string Values => _values.ToString();

    public void Add(SettledCall call) => _values.Append(CultureInfo.InvariantCulture, $"""
        {(_values.Length == 0 ? "" : ",\n")}({Literal(call.RequestId)}, {Kept(call.PracticeId)}, {Kept(call.UserId)}, {Kept(call.Persona)}, {Kept(call.KeyId)}, {Kept(call.RunId)},
        {Kept(call.Model)}, {Kept(call.Provider)}, {Kept(call.Endpoint)}, {Kept(call.Kind)}, {Flag(call.Streams)}, {Kept(call.Outcome)}, {Kept(call.ErrorCode)},
        {call.InputTokens}, {call.CachedInputTokens}, {call.OutputTokens}, {call.ReasoningTokens}, {Flag(call.IsEstimated)}, {call.CostUsd},
        '{call.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}', {call.DurationMs}, {Number(call.FirstTokenMs)}, {call.Attempts})
        """);

    private string Kept(Guid? id) => Kept(id?.ToString("D"));

    private string Kept(string? text)
    {
        if (text is null)
        {
            return "null";
        }

        if (!_literals.TryGetValue(text, out var literal))
        {
            _literals[text] = literal = Literal(text);
        }

        return literal;
    }

    private static string Literal(string text) => $"_utf8mb4 x'{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text))}'";

    private static char Flag(bool flag) => flag ? '1' : '0';

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "null";
}
