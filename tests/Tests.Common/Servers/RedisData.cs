namespace AiPlatform.Tests.Common;

/// <summary>The files of a <see cref="RedisServer"/>: what it comes back with when it starts again.</summary>
public sealed class RedisData
{
    private readonly string _folder;

    internal RedisData(string serverFolder) => _folder = Path.Combine(serverFolder, "appendonlydir");

    /// <summary>Everything acknowledged so far; also while the server runs, whose last write may be cut off.</summary>
    public IReadOnlyDictionary<string, byte[]> Read() =>
        Directory.EnumerateFiles(_folder).ToDictionary(file => Path.GetFileName(file), ReadShared);

    /// <summary>It starts again with an older state, as after a fail-over to a replica that was behind.</summary>
    public void Replace(IReadOnlyDictionary<string, byte[]> older)
    {
        Delete();
        Directory.CreateDirectory(_folder);
        foreach (var (name, content) in older)
        {
            File.WriteAllBytes(Path.Combine(_folder, name), content);
        }
    }

    /// <summary>It starts again with nothing.</summary>
    public void Delete() => Directory.Delete(_folder, recursive: true);

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
