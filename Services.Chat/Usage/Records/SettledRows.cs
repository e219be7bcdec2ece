using System.Globalization;
using System.Text;
using Dapper;

namespace AiPlatform.Services.Chat.Usage.Records;

/// <summary>
/// Settled calls as the rows of one statement. A parameter costs the driver more than all else of a value, so texts and ids, which repeat from call
/// to call, are one parameter for however many rows; numbers and times stand in the statement. No text ever does.
/// </summary>
internal sealed class SettledRows
{
    private readonly StringBuilder _values = new();
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    public DynamicParameters Parameters { get; } = new();

    /// <summary>(@p0, @p1, 24, ...), (...)</summary>
    public string Values => _values.ToString();

    public void Add(SettledCall call)
    {
        _values.Append(_values.Length == 0 ? "(" : ",\n(").Append(Text(call.RequestId));
        Write(Text(call.PracticeId), Text(call.UserId), Text(call.Persona), Text(call.KeyId), Text(call.RunId), Text(call.Model), Text(call.Provider), Text(call.Endpoint));
        Write(Text(call.Kind), Flag(call.Streams), Text(call.Outcome), Text(call.ErrorCode));
        Write(Number(call.InputTokens), Number(call.CachedInputTokens), Number(call.OutputTokens), Number(call.ReasoningTokens), Flag(call.IsEstimated), Number(call.CostUsd));
        Write(Time(call.StartedAt), Number(call.DurationMs), Number(call.FirstTokenMs), Number(call.Attempts));
        _values.Append(')');
    }

    private void Write(params ReadOnlySpan<string> values)
    {
        foreach (var value in values)
        {
            _values.Append(", ").Append(value);
        }
    }

    private string Text(Guid? id) => Text(id?.ToString("D"));

    private string Text(string? text)
    {
        if (text is null)
        {
            return "null";
        }

        if (!_names.TryGetValue(text, out var name))
        {
            _names[text] = name = string.Create(CultureInfo.InvariantCulture, $"@p{_names.Count}");
            Parameters.Add(name, text);
        }

        return name;
    }

    private static string Flag(bool flag) => flag ? "1" : "0";

    private static string Number<T>(T number)
        where T : struct, IFormattable => number.ToString(null, CultureInfo.InvariantCulture);

    private static string Number(long? number) => number is { } some ? Number<long>(some) : "null";

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("\\'yyyy-MM-dd HH:mm:ss.ffffff\\'", CultureInfo.InvariantCulture);
}
