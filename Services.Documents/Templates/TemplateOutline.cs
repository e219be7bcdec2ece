namespace AiPlatform.Services.Documents.Templates;

/// <summary>A template taken apart; texts still hold their variables.</summary>
/// <param name="Title">The first level-one heading; null when the template has none.</param>
/// <param name="Preamble">What stands between the title and the first section.</param>
internal sealed record TemplateOutline(string? Title, string Preamble, IReadOnlyList<TemplateSection> Sections);

/// <param name="Level">Depth of the heading as written, 1 to 6.</param>
/// <param name="Guidance">What the author asks for under the heading; never rendered.</param>
internal sealed record TemplateSection(string Heading, int Level, string Guidance);
