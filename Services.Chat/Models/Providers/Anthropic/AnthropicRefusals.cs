using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Anthropic.Exceptions;

namespace AiPlatform.Services.Chat.Models.Providers.Anthropic;

/// <summary>Takes refusals before the SDK does: its exceptions know no headers, and with them would go when to come back.</summary>
internal sealed class AnthropicRefusals : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await Refusals.ReadAsync(response, static body => new(CodeOf(body)), cancellationToken);
        }
    }

    /// <summary>A failure told in the stream, after a status of 200.</summary>
    public static DomainException Of(AnthropicSseException failed) => Of(failed.Body);

    // {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}
    private static DomainException Of(JsonElement body) => ProviderErrors.Of(
        body.Object("error")?.Text("type") switch
        {
            "invalid_request_error" => 400,
            "request_too_large" => 413,
            "rate_limit_error" => 429,
            "timeout_error" => 504,
            "overloaded_error" => 529,
            _ => 500,
        },
        CodeOf(body));

    // There is no code for it: "prompt is too long: 204001 tokens > 200000 maximum"
    private static string? CodeOf(JsonElement body) =>
        body.Object("error")?.Text("message")?.StartsWith("prompt is too long", StringComparison.Ordinal) is true ? "context_length_exceeded" : null;
}
