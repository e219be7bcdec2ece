using System.Text.RegularExpressions;

namespace AiPlatform.ServiceDefaults.Telemetry;

/// <summary>Masks what must never leave the process in a log line or span: tokens, passwords and keys by their names, data URLs.</summary>
public static partial class Redactor
{
    public const string Mask = "***";

    public static string Redact(string text) => Secrets().Replace(text, static match =>
        match.Groups["keep"] is { Success: true } keep ? keep.Value + Mask : Mask);

    public static bool NeedsRedaction(string text) => Secrets().IsMatch(text);

    // Bearer eyJ..., ?token=..., &client_secret=..., Password=..., "accessToken":"...", data:audio/wav;base64,..., a bare JWT
    [GeneratedRegex(
        """
        (?<keep> \b Bearer \s+ ) [A-Za-z0-9\-._~+/]+ =*
        | (?<keep> \b \w* (?: token | password | pwd | secret | api_?key ) = ) [^&\s"',;]+
        | (?<keep> "\w* (?: token | password | secret | api_?key ) " \s* : \s* " ) (?: [^"\\] | \\. )+
        | (?<keep> \b data: [a-z0-9.+-]+ / [a-z0-9.+-]+ (?: ; [a-z0-9.+-]+ = [a-z0-9.+-]+ )* ;base64, ) [A-Za-z0-9+/=_-]+
        | \b eyJ [A-Za-z0-9_-]+ \. [A-Za-z0-9_-]+ \. [A-Za-z0-9_-]*
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Secrets();
}
