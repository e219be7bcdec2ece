namespace AiPlatform.ServiceDefaults.Errors;

/// <summary>Something this service cannot do without did not answer in time, or not at all. Becomes 503 with <paramref name="code"/>.</summary>
public abstract class DependencyUnavailableException(string code, string message, Exception? innerException)
    : Exception(message, innerException)
{
    public string Code { get; } = code;
}
