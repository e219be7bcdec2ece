using System.Buffers;
using System.Text;
using Aspire.Hosting.Dashboard.Otlp;

namespace Aspire.Hosting.Dashboard.Telemetry;

/// <summary>
/// Looks for a text, whatever its case, in what a person sees of logs and spans. Most items are passed over by their bytes alone; only
/// those that may have it are read.
/// </summary>
internal sealed class TextSearch
{
    private const string Words = "true false null Infinity NaN";
    private static readonly SearchValues<char> Punctuation = SearchValues.Create("\"\\[]{},:");
    private readonly string _text;
    private readonly byte[] _ascii;
    private readonly bool _canTellByBytes;
    private readonly bool _mayBeId;

    private TextSearch(string text)
    {
        _text = text;
        _ascii = Encoding.UTF8.GetBytes(text.ToLowerInvariant());
        _mayBeId = text.All(char.IsAsciiHexDigit);

        // What is not sent as the text that it is shown as can be found in that text only: numbers, lists, and letters whose other case has other bytes.
        _canTellByBytes = Ascii.IsValid(text) && text.Count(char.IsAsciiLetter) >= 2 && !text.AsSpan().ContainsAny(Punctuation) && !Words.Contains(text, StringComparison.OrdinalIgnoreCase);
    }

    public static TextSearch? For(string? text) => string.IsNullOrEmpty(text) ? null : new(text);

    public bool IsIn(string? text) => text is not null && text.Contains(_text, StringComparison.OrdinalIgnoreCase);

    /// <summary>In its message, attributes, category, event name or exception.</summary>
    public bool Matches(StoredLog log)
    {
        if (IsIn(log.Scope.Name))
        {
            return true;
        }

        return MayBeIn(log.Body) && (IsIn(LogText.Message(log)) || IsIn(LogText.EventName(log)) || IsIn(OtlpAttributes.Of(log.Body, StoredLog.Attributes)));
    }

    /// <summary>In its name, attributes, scope or one of its ids.</summary>
    public bool Matches(StoredSpan span)
    {
        if (IsIn(span.Name) || IsIn(span.Scope.Name))
        {
            return true;
        }

        return (_mayBeId && (IsIn(span.TraceId.ToString()) || IsIn(SpanId.Text(span.SpanId))))
            || (MayBeIn(span.Body) && IsIn(OtlpAttributes.Of(span.Body, StoredSpan.Attributes)));
    }

    private bool IsIn(OtlpAttributes attributes) => attributes.Exists(a => IsIn(a.Key) || IsIn(a.Value));

    private bool MayBeIn(ReadOnlySpan<byte> body)
    {
        if (!_canTellByBytes)
        {
            return true;
        }

        var (lower, upper) = (_ascii[0], char.IsAsciiLetterLower((char)_ascii[0]) ? (byte)(_ascii[0] - 32) : _ascii[0]);
        int at;
        while ((at = body.IndexOfAny(lower, upper)) >= 0 && body.Length - at >= _ascii.Length)
        {
            if (Ascii.EqualsIgnoreCase(body.Slice(at, _ascii.Length), _ascii))
            {
                return true;
            }

            body = body[(at + 1)..];
        }

        return false;
    }
}
