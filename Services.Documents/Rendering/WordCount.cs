using System.Text.RegularExpressions;
using AiPlatform.Services.Documents.Grounding;

namespace AiPlatform.Services.Documents.Rendering;

/// <summary>Counts what was written: title, headings and sentences; not the header lines and the marks.</summary>
internal static partial class WordCount
{
    public static int Of(string title, IReadOnlyList<DocumentSection> sections) =>
        Of(title) + sections.Sum(section => Of(section.Heading) + section.Sentences.Sum(sentence => Of(sentence.Text)));

    private static int Of(string text) => Word().Count(text);

    [GeneratedRegex(@"[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}]|['’\-](?=[\p{L}\p{N}]))*")]
    private static partial Regex Word();
}
