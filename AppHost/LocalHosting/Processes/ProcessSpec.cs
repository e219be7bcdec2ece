using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Processes;

internal sealed record ProcessSpec(string FileName, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> NotInherited { get; init; } = [];

    /// <summary>Written to the process at its start; secrets go this way because arguments can be read by anybody on the machine.</summary>
    public string StandardInput { get; init; } = "";
}

/// <summary>A program of this machine stands in for a container: how to find it, and how to prepare its start.</summary>
internal sealed record LocalServerAnnotation(
    IReadOnlyList<string> Programs,
    string InstallWithApt,
    string InstallWithBrew,
    Func<LocalServerContext, Task<ProcessSpec>> PrepareAsync) : IResourceAnnotation;

internal sealed record LocalServerContext(string Program, ResourceInstance Instance, DataFolders Folders, Func<ProcessSpec, Task<int>> RunAsync, CancellationToken CancellationToken);

/// <summary>The resource's data outlives the run, under this name.</summary>
internal sealed record DataVolumeAnnotation(string Name) : IResourceAnnotation;
