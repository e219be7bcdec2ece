using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>
/// MySQL could not be reached, broke off, refuses the call for a reason of its own, or did not answer within the bound of the call.
/// Callers hear one code; <see cref="Reason"/> is for logs, health and programs, one of <see cref="DatabaseReasons"/>.
/// </summary>
public sealed class DatabaseUnavailableException(string message, Exception? innerException = null, string reason = DatabaseReasons.Unavailable)
    : DependencyUnavailableException("database.unavailable", message, innerException)
{
    public string Reason { get; } = reason;
}

/// <summary>Why MySQL did not serve a call. Stable.</summary>
public static class DatabaseReasons
{
    public const string Unavailable = "database.unavailable";
    public const string Unreachable = "database.unreachable";
    public const string ConnectionLost = "database.connection_lost";
    public const string Timeout = "database.timeout";
    public const string Busy = "database.busy";
    public const string TooManyConnections = "database.too_many_connections";
    public const string AuthenticationFailed = "database.authentication_failed";
    public const string Missing = "database.missing";
    public const string ReadOnly = "database.read_only";
    public const string Full = "database.full";
    public const string OutOfMemory = "database.out_of_memory";
    public const string Interrupted = "database.interrupted";
    public const string Deadlock = "database.deadlock";
}
