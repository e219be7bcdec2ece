using System.Text.RegularExpressions;

namespace AiPlatform.Services.Documents.Templates;

/// <summary>The variables that a template may name, as <c>{{clientName}}</c>; case does not matter.</summary>
internal static partial class TemplateVariables
{
    public const string ClientName = "clientName";
    public const string Date = "date";
    public const string PractitionerName = "practitionerName";
    public const string PracticeName = "practiceName";
    public const string SessionDate = "sessionDate";

    public static readonly IReadOnlyList<string> Known = [ClientName, Date, PractitionerName, PracticeName, SessionDate];

    /// <summary>Names used in the text, in order, each once; known ones in their own spelling.</summary>
    public static IReadOnlyList<string> NamesIn(string text) =>
        [.. Variable().Matches(text).Select(match => Spelling(match.Groups["name"].Value)).Distinct(StringComparer.Ordinal)];

    public static bool HasStrayBraces(string text)
    {
        var rest = Variable().Replace(text, "");
        return rest.Contains("{{", StringComparison.Ordinal) || rest.Contains("}}", StringComparison.Ordinal);
    }

    /// <summary>Puts values in, once: a value that looks like a variable stays as it is.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values) =>
        Variable().Replace(text, match => values[Spelling(match.Groups["name"].Value)]);

    private static string Spelling(string name) =>
        Known.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;

    [GeneratedRegex(@"\{\{\s*(?<name>[^{}]*?)\s*\}\}")]
    private static partial Regex Variable();
}
