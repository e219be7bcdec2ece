using System.Buffers;
using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AiPlatform.ServiceDefaults.Telemetry;

/// <summary>Masks what must never leave the process in a log line or span: tokens, passwords and keys by their names, data URLs.</summary>
public static partial class Redactor
{
    public const string Mask = "***";

    // One of these is in whatever the pattern below finds; most texts have none, and need no more than this.
    private static readonly SearchValues<string> Signs = SearchValues.Create(
        ["bearer", "token", "password", "pwd", "secret", "api_key", "apikey", "base64", "entry", "value:", "near '", "eyJ", "sk-aip-"], StringComparison.OrdinalIgnoreCase);

    public static string Redact(string text) => !text.AsSpan().ContainsAny(Signs) ? text : Secrets().Replace(text, static match =>
        match.Groups["keep"] is { Success: true } keep ? keep.Value + Mask : Mask);

    public static bool NeedsRedaction(string text) => text.AsSpan().ContainsAny(Signs) && Secrets().IsMatch(text);

    /// <summary>For attributes of any kind: exporters write arrays element by element and other objects as their text.</summary>
    /// <returns><see langword="false"/> when the value may go as it is.</returns>
    public static bool TryRedact(object? value, [NotNullWhen(true)] out object? redacted)
    {
        redacted = value switch
        {
            null or bool or char or byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal
                or Guid or DateTime or DateTimeOffset or TimeSpan or Enum => null,
            string text => NeedsRedaction(text) ? Redact(text) : null,
            IEnumerable<string?> texts => texts.Any(text => text is not null && NeedsRedaction(text))
                ? texts.Select(text => text is null ? null : Redact(text)).ToArray()
                : null,
            Array items when items.GetType().GetElementType()!.IsPrimitive => null,
            IEnumerable items => TryRedactAll(items),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) is { } text && NeedsRedaction(text) ? Redact(text) : null,
        };
        return redacted is not null;
    }

    private static object?[]? TryRedactAll(IEnumerable items)
    {
        var changed = false;
        var all = new List<object?>();
        foreach (var item in items)
        {
            changed |= TryRedact(item, out var redacted);
            all.Add(redacted ?? item);
        }

        return changed ? [.. all] : null;
    }

    // Bearer eyJ..., ?token=..., Password = "...", "accessToken":"...", the same within a JSON text, data:audio/wav;base64,..., a bare
    // JWT, a bare virtual key (sk-aip-...), and the value that MySQL repeats in its complaint
    [GeneratedRegex(
        """
        (?<keep> \b Bearer \s+ ) [A-Za-z0-9\-._~+/]+ =*
        | (?<keep> \b \w* (?: token | password | pwd | secret | api_?key ) \s* = \s* ) (?: "[^"]+" | '[^']+' | [^&\s"',;]+ )
        | (?<keep> "\w* (?: token | password | secret | api_?key ) " \s* : \s* " ) (?: [^"\\] | \\. )+
        | (?<keep> \\"\w* (?: token | password | secret | api_?key ) \\" \s* : \s* \\" ) [^"\\]+
        | (?<keep> \b data: [a-z0-9.+-]+ / [a-z0-9.+-]+ (?: ; [a-z0-9.+-]+ = [a-z0-9.+-]+ )* ;base64, ) [A-Za-z0-9+/=_-]+
        | (?<keep> \b (?: Duplicate\ entry | Incorrect\ \w+\ value: | syntax\ to\ use\ near )\ ' ) [^']+
        | (?<keep> \b sk-aip- ) [A-Za-z0-9_-]+
        | \b eyJ [A-Za-z0-9_-]+ \. [A-Za-z0-9_-]+ \. [A-Za-z0-9_-]*
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Secrets();
}
