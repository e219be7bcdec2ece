using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>Why a run failed, in the words of PROTOCOL section 6.6.</summary>
internal sealed record RunFailure(string Code, string Stage, string Message, bool Retryable)
{
    public const string InterruptedCode = "interrupted";

    public static readonly RunFailure Interrupted =
        new(InterruptedCode, "internal", "The service was interrupted while it worked on your request. Please send it again.", true);

    public static readonly RunFailure TimeLimit = new("timeout", "internal", "The request took too long and was stopped.", true);

    public static readonly RunFailure Internal = new("internal_error", "internal", "Something went wrong on our side.", true);

    public static readonly RunFailure NotStored =
        new("upstream_unavailable", "internal", "The answer could not be stored. Please send your message again.", true);

    // Codes of the models and tools that PROTOCOL has a word for; everything else goes by its family.
    private static readonly HashSet<string> WireCodes =
    [
        "provider_error", "provider_rate_limit", "context_too_long", "content_filtered", "timeout", "configuration_error",
        "upstream_unavailable", "policy_violation", "tool_not_permitted", "rate_limited",
    ];

    public static RunFailure From(Exception exception) => exception switch
    {
        DomainException domain => From(domain),
        DependencyUnavailableException => new("upstream_unavailable", "internal", "A part of the service is not available right now.", true),
        HttpRequestException => new("upstream_unavailable", "internal", "A part of the service could not be reached.", true),
        TimeoutException => new("timeout", "internal", "A part of the service did not answer in time.", true),
        _ => Internal,
    };

    private static RunFailure From(DomainException exception)
    {
        var tail = exception.Code[(exception.Code.LastIndexOf('.') + 1)..];
        var (code, stage, retryable) = exception.Kind switch
        {
            DomainErrorKind.RateLimited when exception.Code == "budget.exceeded" => ("rate_limited", "text", false),
            DomainErrorKind.RateLimited when exception.Code == "budget.held" => ("rate_limited", "text", true),
            DomainErrorKind.Unauthorized => ("unauthorized", "auth", false),
            DomainErrorKind.Forbidden => ("forbidden", "auth", false),
            DomainErrorKind.TooLarge => ("context_too_long", "text", false),
            DomainErrorKind.RateLimited => ("provider_rate_limit", "text", true),
            DomainErrorKind.Upstream => ("provider_error", "text", true),
            DomainErrorKind.Unavailable => ("upstream_unavailable", "internal", true),
            DomainErrorKind.Timeout => ("timeout", "text", true),
            _ => ("validation_error", "validation", false),
        };
        code = WireCodes.Contains(tail) ? tail : exception.Code == "model.unknown" ? "configuration_error" : code;
        return new(code, stage, exception.Message, retryable);
    }
}
