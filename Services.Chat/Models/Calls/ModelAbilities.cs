using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Catalogue;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Calls;

/// <summary>
/// Holds a call to what its model can do, where the catalogue says what that is: what it lacks is refused by name before anything is sent, not by the
/// provider afterwards, and not left out, which would be another question. Reasoning is a matter of parameters, which are left out.
/// </summary>
internal static class ModelAbilities
{
    /// <param name="param">What of the request asks for it.</param>
    /// <exception cref="DomainException">unsupported_parameter</exception>
    public static void Ensure(ModelGroup group, ModelCapabilities needed, string param)
    {
        if (group.Capabilities is { } has && !has.HasFlag(needed))
        {
            var message = $"Model '{group.Name}' does not take {Words(needed)}.";
            throw new DomainException(DomainErrorKind.Invalid, "unsupported_parameter", message) { Errors = [new(param, message)] };
        }
    }

    /// <inheritdoc cref="Ensure(ModelGroup, ModelCapabilities, string)" path="/exception"/>
    public static void Ensure(ModelGroup group, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        if (group.Capabilities is null)
        {
            return;
        }

        if (options?.Tools is { Count: > 0 })
        {
            Ensure(group, ModelCapabilities.Tools, "tools");
        }

        if (options?.ResponseFormat is ChatResponseFormatJson)
        {
            Ensure(group, ModelCapabilities.Json, "response_format");
        }

        foreach (var content in messages.SelectMany(message => message.Contents))
        {
            if (content is DataContent { MediaType: var data })
            {
                Ensure(group, data);
            }
            else if (content is UriContent { MediaType: var linked })
            {
                Ensure(group, linked);
            }
        }
    }

    private static void Ensure(ModelGroup group, string mediaType)
    {
        if (mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase))
        {
            Ensure(group, ModelCapabilities.Vision, "messages");
        }
        else if (mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase))
        {
            Ensure(group, ModelCapabilities.Audio, "messages");
        }
    }

    private static string Words(ModelCapabilities needed) => needed switch
    {
        ModelCapabilities.Tools => "tools",
        ModelCapabilities.Vision => "images",
        ModelCapabilities.Json => "a format of its answer",
        ModelCapabilities.Audio => "audio",
        _ => throw new ArgumentOutOfRangeException(nameof(needed), needed, "Nothing that is refused."),
    };
}
