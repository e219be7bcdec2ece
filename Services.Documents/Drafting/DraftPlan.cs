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
}

internal sealed record PlannedSection(string Heading, string Guidance);
