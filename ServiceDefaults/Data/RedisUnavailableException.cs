using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>
/// Redis could not be reached, broke off, refuses the call for a reason of its own, or did not answer within the bound of the call.
/// Callers hear one code; <see cref="Reason"/> is for logs, health and programs, one of <see cref="RedisReasons"/>.
/// </summary>
public sealed class RedisUnavailableException(string message, Exception? innerException = null, string reason = RedisReasons.Unavailable)
    : DependencyUnavailableException("redis.unavailable", message, innerException)
{
    public string Reason { get; } = reason;
}

/// <summary>Why Redis did not serve a call. Stable.</summary>
public static class RedisReasons
{
    public const string Unavailable = "redis.unavailable";
    public const string Unreachable = "redis.unreachable";
    public const string ConnectionLost = "redis.connection_lost";
    public const string Timeout = "redis.timeout";
    public const string AuthenticationFailed = "redis.authentication_failed";
    public const string NotPermitted = "redis.not_permitted";
    public const string OutOfMemory = "redis.out_of_memory";
    public const string ReadOnly = "redis.read_only";
    public const string Loading = "redis.loading";
    public const string Busy = "redis.busy";
    public const string WritesRefused = "redis.writes_refused";
    public const string MasterDown = "redis.master_down";
}
