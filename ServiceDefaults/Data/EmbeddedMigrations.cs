using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>The numbered SQL files of a service, in order.</summary>
internal sealed partial class EmbeddedMigrations(Assembly assembly)
{
    public IReadOnlyList<Migration> ReadAll()
    {
        var migrations = assembly.GetManifestResourceNames()
            .Select(resource => (resource, match: FileName().Match(resource)))
            .Where(found => found.match.Success)
            .Select(found => new Migration(
                int.Parse(found.match.Groups["version"].Value, CultureInfo.InvariantCulture),
                found.match.Groups["name"].Value,
                Read(found.resource)))
            .OrderBy(migration => migration.Version)
            .ToList();

        var twice = migrations.GroupBy(migration => migration.Version).FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? migrations
            : throw new InvalidOperationException($"Two migrations of {assembly.GetName().Name} have the number {twice.Key}.");
    }

    private string Read(string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    // AiPlatform.Services.Api.Data.Migrations.001_identity.sql
    [GeneratedRegex(@"\.Data\.Migrations\.(?<version>\d{3})_(?<name>[a-z0-9_]+)\.sql$", RegexOptions.CultureInvariant)]
    private static partial Regex FileName();
}

internal sealed record Migration(int Version, string Name, string Sql)
{
    /// <summary>The statements of the file; each ends with a semicolon at the end of a line.</summary>
    public IEnumerable<string> Statements() => Sql
        .Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(statement => statement.TrimEnd(';').Trim())
        .Where(statement => statement.Length > 0 && statement.Split('\n').Any(line => !line.TrimStart().StartsWith("--", StringComparison.Ordinal)));
}
