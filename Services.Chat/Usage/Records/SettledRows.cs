using System.Buffers;
using System.Globalization;
using System.Text;

namespace AiPlatform.Services.Chat.Usage.Records;

/// <summary>
/// Settled calls as one statement. What it costs, the driver and the server alike, goes by its words: a column in which every row has what the table takes
/// for granted is left out. There are no parameters, which cost the driver more than all else of a value: numbers and times stand in the statement as they
/// are, texts of plain characters in quotes, and every other text as its bytes in hexadecimal, in which there is nothing that could end it.
/// </summary>
internal sealed class SettledRows
{
    // Not insert ignore, which would make warnings of other faults too.
    private const string Tail = "\non duplicate key update request_id = usage_calls.request_id";

    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/ ");

    private static readonly Column[] Columns =
    [
        new("request_id", static (rows, call) => rows.Append(Literal(call.RequestId))),
        new("practice_id", static (rows, call) => rows.Append(call.PracticeId)),
        new("user_id", static (rows, call) => rows.Append(call.UserId)),
        new("persona", static (rows, call) => rows.AppendKept(call.Persona), static call => call.Persona is null),
        new("key_id", static (rows, call) => rows.Append(call.KeyId), static call => call.KeyId is null),
        new("run_id", static (rows, call) => rows.Append(call.RunId), static call => call.RunId is null),
        new("model", static (rows, call) => rows.AppendKept(call.Model)),
        new("provider", static (rows, call) => rows.AppendKept(call.Provider)),
        new("endpoint", static (rows, call) => rows.AppendKept(call.Endpoint)),
        new("kind", static (rows, call) => rows.AppendKept(call.Kind)),
        new("streams", static (rows, call) => rows.Append(call.Streams), static call => !call.Streams),
        new("outcome", static (rows, call) => rows.AppendKept(call.Outcome)),
        new("error_code", static (rows, call) => rows.AppendKept(call.ErrorCode), static call => call.ErrorCode is null),
        new("input_tokens", static (rows, call) => rows.Append(call.InputTokens)),
        new("cached_input_tokens", static (rows, call) => rows.Append(call.CachedInputTokens), static call => call.CachedInputTokens == 0),
        new("output_tokens", static (rows, call) => rows.Append(call.OutputTokens)),
        new("reasoning_tokens", static (rows, call) => rows.Append(call.ReasoningTokens), static call => call.ReasoningTokens == 0),
        new("is_estimated", static (rows, call) => rows.Append(call.IsEstimated), static call => !call.IsEstimated),
        new("cost_usd", static (rows, call) => rows._statement.Append(CultureInfo.InvariantCulture, $"{call.CostUsd}")),
        new("started_at", static (rows, call) => rows._statement.Append(CultureInfo.InvariantCulture, $"'{call.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}'")),
        new("duration_ms", static (rows, call) => rows.Append(call.DurationMs)),
        new("first_token_ms", static (rows, call) => rows.Append(call.FirstTokenMs)),
        new("attempts", static (rows, call) => rows.Append(call.Attempts), static call => call.Attempts == 1),
    ];

    private readonly StringBuilder _statement = new();

    // Most texts are those of the row before: the practice, the model, how it ended.
    private readonly Dictionary<string, string> _literals = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, string> _ids = [];

    private SettledRows()
    {
    }

    /// <param name="calls">At least one.</param>
    /// <returns>insert into usage_calls (request_id, ...) values ('req_1', ..., 24, ...), (...)</returns>
    public static string ToStatement(IReadOnlyList<SettledCall> calls)
    {
        var (rows, columns) = (new SettledRows(), Array.FindAll(Columns, column => column.IsUsual is null || !calls.All(column.IsUsual)));
        rows._statement.Append("insert into usage_calls (").AppendJoin(", ", columns.Select(static column => column.Name)).Append(") values");

        for (var row = 0; row < calls.Count; row++)
        {
            for (var column = 0; column < columns.Length; column++)
            {
                rows._statement.Append(column > 0 ? "," : row > 0 ? ",\n(" : "\n(");
                columns[column].Append(rows, calls[row]);
            }

            rows._statement.Append(')');
        }

        return rows._statement.Append(Tail).ToString();
    }

    private void Append(string literal) => _statement.Append(literal);

    private void Append(long number) => _statement.Append(CultureInfo.InvariantCulture, $"{number}");

    private void Append(bool flag) => _statement.Append(flag ? '1' : '0');

    private void Append(long? number)
    {
        if (number is { } known)
        {
            Append(known);
        }
        else
        {
            Append("null");
        }
    }

    private void Append(Guid? id)
    {
        if (id is not { } known)
        {
            Append("null");
            return;
        }

        if (!_ids.TryGetValue(known, out var literal))
        {
            _ids[known] = literal = $"'{known:D}'";
        }

        Append(literal);
    }

    private void AppendKept(string? text)
    {
        if (text is null)
        {
            Append("null");
            return;
        }

        if (!_literals.TryGetValue(text, out var literal))
        {
            _literals[text] = literal = Literal(text);
        }

        Append(literal);
    }

    private static string Literal(string text) =>
        text.AsSpan().ContainsAnyExcept(Plain) ? $"_utf8mb4 x'{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text))}'" : $"'{text}'";

    /// <param name="IsUsual">Whether the call has what the table takes for granted; null where it takes nothing.</param>
    private sealed record Column(string Name, Action<SettledRows, SettledCall> Append, Func<SettledCall, bool>? IsUsual = null);
}
