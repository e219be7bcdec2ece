using System.Text.RegularExpressions;

namespace AiPlatform.ServiceDefaults.Telemetry;

/// <summary>Masks what must never leave the process in a log line or span: bearer tokens, token query values, data URLs.</summary>
public static partial class Redactor
{
    public const string Mask = "***";

    public static string Redact(string text) => Secrets().Replace(text, static match =>
        match.Groups["keep"] is { Success: true } keep ? keep.Value + Mask : Mask);

    public static bool NeedsRedaction(string text) => Secrets().IsMatch(text);

    // Bearer eyJ..., ?token=..., &access_token=..., password=..., data:audio/wav;base64,..., a bare JWT
    [GeneratedRegex(
        @"(?<keep>\bBearer\s+)[A-Za-z0-9\-._~+/]+=*|(?<keep>\b(?:access_|refresh_|id_|subject_)?(?:token|password|secret)=)[^&\s""',;]+|(?<keep>\bdata:[a-z0-9.+-]+/[a-z0-9.+-]+;base64,)[A-Za-z0-9+/=_-]+|\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secrets();
}
