using System.Text.Json;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Dashboard.History;

/// <summary>What a run's folder says of it: <c>run.json</c>.</summary>
internal sealed record RunDescription(DateTimeOffset Start, DateTimeOffset? End, long Spans, long Logs);

/// <summary>A run on disk: its description, and two files of records of which the older goes when the newer has its half of what a run may take.</summary>
internal sealed class KeptRun(string folder)
{
    private static readonly string[] Parts = ["older.records", "newer.records"];

    public string Id { get; } = Path.GetFileName(folder);

    public string Newer { get; } = Path.Combine(folder, Parts[1]);

    public long Bytes => Files().Sum(f => new FileInfo(f).Length);

    /// <summary>When it was written to last, which is when a killed run ended.</summary>
    public DateTimeOffset LastWrite => Files().Append(Path.Combine(folder, "run.json")).Where(File.Exists).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty().Max();

    public void Create() => DataFolders.CreatePrivate(folder);

    public void Describe(RunDescription description) => DataFolders.WritePrivate(Path.Combine(folder, "run.json"), JsonSerializer.Serialize(description, JsonSerializerOptions.Web));

    /// <returns>Null when there is nothing to be read.</returns>
    public RunDescription? Describe()
    {
        try
        {
            return JsonSerializer.Deserialize<RunDescription>(File.ReadAllText(Path.Combine(folder, "run.json")), JsonSerializerOptions.Web);
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Rotate() => File.Move(Newer, Path.Combine(folder, Parts[0]), overwrite: true);

    public IEnumerable<(HistoryKind Kind, byte[] Content)> Records() => Files().SelectMany(HistoryRecords.Read);

    public void Delete() => Directory.Delete(folder, recursive: true);

    private IEnumerable<string> Files() => Parts.Select(p => Path.Combine(folder, p)).Where(File.Exists);
}
