namespace AiPlatform.ServiceDefaults.Errors;

/// <summary>Families of expected failures. The value is the HTTP status.</summary>
public enum DomainErrorKind
{
    Invalid = 400,
    Unauthorized = 401,
    Forbidden = 403,
    NotFound = 404,
    Conflict = 409,
    TooLarge = 413,
    Unprocessable = 422,
    RateLimited = 429,
    Upstream = 502,
    Unavailable = 503,
    Timeout = 504,
}
