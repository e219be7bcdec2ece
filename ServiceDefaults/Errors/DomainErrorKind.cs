namespace AiPlatform.ServiceDefaults.Errors;

/// <summary>Families of expected failures. The value is the HTTP status.</summary>
public enum DomainErrorKind
{
    Invalid = 400,
    Unauthorized = 401,
    Forbidden = 403,
    NotFound = 404,
    NotAcceptable = 406,
    Conflict = 409,
    Gone = 410,
    PreconditionFailed = 412,
    TooLarge = 413,
    UnsupportedMediaType = 415,
    Unprocessable = 422,
    PreconditionRequired = 428,
    RateLimited = 429,
    Upstream = 502,
    Unavailable = 503,
    Timeout = 504,
}
