namespace AiPlatform.Tests.Common;

internal static class ServerFolder
{
    /// <summary>A fresh folder in the system's temporary folder, readable by this user only.</summary>
    public static string Create(string server) => Directory.CreateTempSubdirectory($"aiplatform-tests-{server}-").FullName;
}
