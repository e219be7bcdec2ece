namespace AiPlatform.Services.Api.ClinicalSessions.Terms;

/// <summary>A content word where it stands in its text.</summary>
/// <param name="Stem">What it has in common with its other forms: sleep for sleeping.</param>
internal readonly record struct Term(string Stem, int Start, int Length);
