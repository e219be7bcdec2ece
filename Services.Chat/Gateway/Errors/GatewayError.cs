using System.Text.Json.Serialization;
using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Chat.Gateway.Errors;

/// <summary>OpenAI's error envelope: {"error":{"message":"...","type":"...","param":null,"code":"..."}}.</summary>
internal sealed record GatewayErrorResponse(GatewayError Error);

internal sealed record GatewayError(string Message, string Type, string? Param, string? Code)
{
    private const string Quota = "insufficient_quota";

    /// <summary>Our codes in the words OpenAI's clients know; a code they have no word for goes out as it is.</summary>
    public static GatewayError Of(DomainException exception) => new(
        exception.Message,
        exception.Code == "budget.exceeded" ? Quota : TypeOf(exception.Kind),
        exception.Errors is [{ Field: var field }, ..] ? field : exception.Code == "model.unknown" ? "model" : null,
        exception.Code switch
        {
            "model.unknown" => "model_not_found",
            "provider.rate_limited" or "limit.rate_limited" or "budget.held" => "rate_limit_exceeded",
            "budget.exceeded" => Quota,
            "provider.context_too_long" => "context_length_exceeded",
            "provider.content_filtered" => "content_filter",
            var code => code,
        });

    public static string TypeOf(DomainErrorKind kind) => kind switch
    {
        DomainErrorKind.Unauthorized => "authentication_error",
        DomainErrorKind.Forbidden => "permission_error",
        DomainErrorKind.RateLimited => "rate_limit_error",
        DomainErrorKind.Upstream or DomainErrorKind.Unavailable or DomainErrorKind.Timeout => "server_error",
        _ => "invalid_request_error",
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(GatewayErrorResponse))]
[JsonSerializable(typeof(ResponseErrorEvent))]
internal sealed partial class GatewayErrorJsonContext : JsonSerializerContext;
