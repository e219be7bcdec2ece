namespace AiPlatform.ServiceDefaults.Errors;

/// <summary>A broken rule, said with a stable code. Its one translation to the wire is <see cref="DomainExceptionHandler"/>.</summary>
/// <param name="kind">The family of the failure; its number is the HTTP status.</param>
/// <param name="code">Stable, <c>noun.reason</c>, for programs.</param>
/// <param name="message">For people; carries no client data.</param>
public sealed class DomainException(DomainErrorKind kind, string code, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public DomainErrorKind Kind { get; } = kind;

    public string Code { get; } = code;

    /// <summary>The single faults of an input, when there are several or they have a place.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>When it is worth trying again; goes out as Retry-After.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
