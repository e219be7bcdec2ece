using System.Reflection;

namespace Aspire.Hosting;

public sealed class DistributedApplicationOptions
{
    private Assembly? _assembly;

    public string[]? Args { get; set; }

    public string? AssemblyName { get; set; }

    public bool DisableDashboard { get; set; }

    public bool EnableResourceLogging { get; set; }

    /// <summary>Set when the tests' builder made the host: throw-away data, bounded waits.</summary>
    internal bool IsTestHost { get; set; }

    internal Assembly? Assembly
    {
        get => _assembly ??= AssemblyName is { } name ? Assembly.Load(name) : Assembly.GetEntryAssembly();
        set => _assembly = value;
    }

    internal string? ProjectPath => Metadata("apphostprojectpath");

    internal string? ProjectName => Metadata("apphostprojectname");

    internal string? Metadata(string key) => Assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(a => string.Equals(a.Key, key, StringComparison.OrdinalIgnoreCase))?.Value;
}
