namespace Aspire.Hosting.Processes;

/// <summary>A file that one process at a time holds, until it lets go or ends.</summary>
internal static class LockFile
{
    // EWOULDBLOCK of Linux and of macOS, and Windows' sharing violation.
    private static readonly int[] Held = [11, 35, unchecked((int)0x80070020)];

    /// <summary>Null when somebody else holds it; a file that cannot be made or opened is an error.</summary>
    public static FileStream? TryHold(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (Held.Contains(exception.HResult))
        {
            return null;
        }
    }
}
