using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>Bounds of the calls to MySQL.</summary>
public sealed class DatabaseOptions
{
    public const string Section = "Database";

    /// <summary>Connections held open, and with the local driver also threads.</summary>
    [Range(1, 64)]
    public int Connections { get; init; } = 8;

    /// <summary>Units of work that may wait for a connection; one more is refused as unavailable.</summary>
    [Range(1, 100_000)]
    public int QueueLength { get; init; } = 1024;

    /// <summary>The longest a unit of work may take, waiting included, in seconds.</summary>
    [Range(1, 300)]
    public int TimeoutSeconds { get; init; } = 15;

    /// <summary>The longest the migrations at start may take, the wait for another replica's included, in seconds.</summary>
    [Range(1, 86_400)]
    public int MigrationTimeoutSeconds { get; init; } = 600;
}

[OptionsValidator]
internal sealed partial class DatabaseOptionsValidator : IValidateOptions<DatabaseOptions>;
