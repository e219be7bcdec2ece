using Microsoft.Playwright;

namespace AiPlatform.Browser.Tests;

/// <summary>How a test looks at the dashboard.</summary>
public sealed record VisitOptions(bool IsSignedIn = true, int Width = 1440, int Height = 900, ColorScheme Theme = ColorScheme.Light)
{
    /// <summary>A telephone held upright.</summary>
    public static VisitOptions Narrow { get; } = new(Width: 390, Height: 844);

    public static VisitOptions Stranger { get; } = new(IsSignedIn: false);

    /// <summary>Without it nothing is recorded of the page for a failure: recording takes time and memory of the page's own.</summary>
    public bool IsRecorded { get; init; } = true;

    /// <summary>Words of faults that the test provokes.</summary>
    public IReadOnlyList<string> Expected { get; init; } = [];
}
