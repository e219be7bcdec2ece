namespace AiPlatform.Distributed.Tests;

internal static class Checkout
{
    /// <summary>The folder of the checkout that the tests run from.</summary>
    public static string Folder { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AiPlatform.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run from inside a checkout.");
        }

        return folder.FullName;
    }
}
