using System.Text.RegularExpressions;

namespace AiPlatform.Services.Documents.Rendering;

/// <summary>Values are data: escaped, they read as typed and never become markup.</summary>
internal static partial class MarkdownText
{
    public static string Escape(string value) =>
        LineStart().Replace(Markup().Replace(WhiteSpace().Replace(value, " ").Trim(), @"\$0"), @"$1\$2");

    // Marks that mean something inside a line. "." and "!" do not, "_" between letters does in some renderers.
    [GeneratedRegex(@"[\\`*_\[\]<>|~#{}]|&(?=#?\w+;)")]
    private static partial Regex Markup();

    // "- x", "+ x", "1. x", "=== " at the start of a line.
    [GeneratedRegex(@"^(\d*)([-+=]|(?<=\d)[.)])")]
    private static partial Regex LineStart();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
