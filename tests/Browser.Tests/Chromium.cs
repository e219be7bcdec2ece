namespace AiPlatform.Browser.Tests;

/// <summary>The browser that test.sh installs or asks for: Debian's Chromium, or Google Chrome where there is none. None is ever downloaded.</summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium", "google-chrome", "google-chrome-stable"];

    // Where macOS keeps the two.
    private static readonly string[] Applications =
        ["/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

    public static string Path { get; } = Names
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator), (name, folder) => System.IO.Path.Combine(folder, name))
        .Concat(Applications)
        .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("No Chromium is installed. ./test.sh installs it, or says how.");
}
