using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>Redis could not be reached, broke off, refuses writes, or did not answer within the bound of the call.</summary>
public sealed class RedisUnavailableException(string message, Exception? innerException = null)
    : DependencyUnavailableException("redis.unavailable", message, innerException);
