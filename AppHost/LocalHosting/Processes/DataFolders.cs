using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Processes;

/// <summary>Where the servers' data lives: a kept folder with its passwords, or one that goes away with the run.</summary>
internal sealed class DataFolders(IConfiguration configuration, string appHostDirectory) : IDisposable
{
    private static readonly ConditionalWeakTable<IDistributedApplicationBuilder, DataFolders> ByBuilder = [];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly Lock _gate = new();
    private string? _runFolder;
    private FileStream? _lock;

    public bool IsThrowAway => configuration.GetValue<bool>("LocalHosting:ThrowAwayData");

    /// <summary>Whether this host holds the kept folder, alone.</summary>
    public bool IsHeld => _lock is not null;

    public string KeptRoot => Path.GetFullPath(configuration["LocalHosting:DataFolder"] ?? ".data", appHostDirectory);

    /// <summary>A folder of this run only, readable by its user only, gone when the run ends. Its path is short because socket paths must be.</summary>
    public string RunFolder
    {
        get
        {
            lock (_gate)
            {
                return _runFolder ??= Directory.CreateTempSubdirectory("lh-").FullName;
            }
        }
    }

    public static DataFolders Of(IDistributedApplicationBuilder builder)
    {
        var key = builder is Testing.TestingBuilder testing ? testing.Inner : builder;
        return ByBuilder.GetValue(key, b => new DataFolders(b.Configuration, b.AppHostDirectory));
    }

    /// <summary>The folder of a server, made if need be. With a volume it is the same one in every run.</summary>
    public string ServerFolder(string resourceName, string? volume)
    {
        if (volume is null || IsThrowAway)
        {
            return RunSubfolder(resourceName);
        }

        var folder = Path.Combine(KeptRoot, volume);
        return Use(folder, () => CreatePrivate(folder));
    }

    public string RunSubfolder(string name) => CreatePrivate(Path.Combine(RunFolder, name));

    public void Lock()
    {
        if (IsThrowAway || _lock is not null)
        {
            return;
        }

        var pidFile = Path.Combine(KeptRoot, "host.pid");
        _lock = Use(KeptRoot, () =>
        {
            CreatePrivate(KeptRoot);
            return LockFile.TryHold(Path.Combine(KeptRoot, "host.lock"));
        });
        if (_lock is null)
        {
            var pid = File.Exists(pidFile) ? File.ReadAllText(pidFile).Trim() : "unknown";
            throw new DistributedApplicationException(
                $"The data folder '{KeptRoot}' is in use by another host, process {pid}. Stop that one, or choose another folder with LocalHosting:DataFolder.");
        }

        Use(KeptRoot, () =>
        {
            WritePrivate(pidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return pidFile;
        });
    }

    public string KeptSecret(string key, Func<string> make)
    {
        if (IsThrowAway)
        {
            return make();
        }

        lock (_gate)
        {
            var path = Path.Combine(KeptRoot, "secrets.json");
            return Use(path, () => KeptSecret(path, key, make));
        }
    }

    /// <summary>Whole or not at all, so that whoever is killed meanwhile leaves a file that can be read.</summary>
    public static void WritePrivate(string path, string content)
    {
        var unfinished = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(new FileStream(unfinished, options)))
        {
            writer.Write(content);
        }

        File.Move(unfinished, path, overwrite: true);
    }

    public static string CreatePrivate(string folder) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(folder).FullName
        : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;

    public void Dispose()
    {
        _lock?.Dispose();
        _lock = null;
        if (_runFolder is not null && Directory.Exists(_runFolder))
        {
            Directory.Delete(_runFolder, recursive: true);
        }

        _runFolder = null;
    }

    private static string KeptSecret(string path, string key, Func<string> make)
    {
        var secrets = Path.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path)) ?? [] : [];
        if (!secrets.TryGetValue(key, out var secret))
        {
            secret = secrets[key] = make();
            CreatePrivate(Path.GetDirectoryName(path)!);
            WritePrivate(path, JsonSerializer.Serialize(secrets, Indented));
        }

        return secret;
    }

    // A full disk, missing rights, a file in the place of a folder: whoever starts the host can only change the folder or choose another.
    private static T Use<T>(string path, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new DistributedApplicationException(
                $"'{path}' in the data folder cannot be used: {exception.Message} Mend it, or choose another folder with LocalHosting:DataFolder.", exception);
        }
    }
}
