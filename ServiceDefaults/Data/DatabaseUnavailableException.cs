using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>MySQL could not be reached, broke off, or did not answer within the bound of the call.</summary>
public sealed class DatabaseUnavailableException(string message, Exception? innerException = null)
    : DependencyUnavailableException("database.unavailable", message, innerException);
