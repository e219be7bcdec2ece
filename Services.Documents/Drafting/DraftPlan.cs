using AiPlatform.Services.Documents.Sources;

namespace AiPlatform.Services.Documents.Drafting;

/// <summary>What is to be drafted, variables filled in.</summary>
/// <param name="Previous">The version to change, when this is a refinement.</param>
internal sealed record DraftPlan(
    string TemplateName,
    IReadOnlyList<PlannedSection> Sections,
    string ClientName,
    string PractitionerName,
    string Instructions,
    IReadOnlyList<SourceSession> Sessions,
    Draft? Previous)
{
    public IReadOnlyList<string> Headings => [.. Sections.Select(section => section.Heading)];

    /// <summary>With instructions a draft may add, rename or leave out sections; without, the plan's sections are the document's.</summary>
    public bool MayChangeSections => !string.IsNullOrWhiteSpace(Instructions);
}

internal sealed record PlannedSection(string Heading, string Guidance);
