using System.Text.Json;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Forwarding;
using AiPlatform.Services.Chat.Models.Providers.Wire;

namespace AiPlatform.Services.Chat.Gateway.Requests;

/// <summary>What a request on one of the gateway's wires asks that not every model can do.</summary>
internal static class AskedAbilities
{
    // The second is what they were called before.
    private static readonly string[] Tools = ["tools", "functions"];

    /// <exception cref="ServiceDefaults.Errors.DomainException">unsupported_parameter: the group's model cannot do it.</exception>
    public static void Ensure(ModelGroup group, ModelCallKind kind, RequestBody body)
    {
        // Most groups say nothing, and then the request is not looked into.
        if (group.Capabilities is null || kind == ModelCallKind.Embeddings)
        {
            return;
        }

        using var document = JsonDocument.Parse(body.Bytes);

        try
        {
            Ensure(group, kind, document.RootElement);
        }
        catch (InvalidOperationException)
        {
            // {"type":"\ud800"}
            throw RequestBody.Invalid(Conversation(kind), "A text of the request is no Unicode.");
        }
    }

    private static void Ensure(ModelGroup group, ModelCallKind kind, JsonElement request)
    {
        foreach (var name in Tools.Where(name => request.Items(name).Any()))
        {
            ModelAbilities.Ensure(group, ModelCapabilities.Tools, name);
        }

        // {"response_format":{"type":"json_schema",...}}, {"text":{"format":{"type":"json_object"}}}
        var (format, place) = kind == ModelCallKind.Chat ? (request.Object("response_format"), "response_format") : (request.Object("text")?.Object("format"), "text.format");
        if (format?.Text("type") is "json_object" or "json_schema")
        {
            ModelAbilities.Ensure(group, ModelCapabilities.Json, place);
        }

        if (request.Items("modalities").Any(static modality => modality.ValueKind == JsonValueKind.String && modality.ValueEquals("audio")))
        {
            ModelAbilities.Ensure(group, ModelCapabilities.Audio, "modalities");
        }

        EnsureParts(group, request, Conversation(kind));
    }

    private static string Conversation(ModelCallKind kind) => kind == ModelCallKind.Chat ? "messages" : "input";

    // {"role":"user","content":[{"type":"image_url",...}]}
    private static void EnsureParts(ModelGroup group, JsonElement request, string name)
    {
        foreach (var part in request.Items(name).Where(static item => item.ValueKind == JsonValueKind.Object).SelectMany(static item => item.Items("content")))
        {
            switch (part.ValueKind == JsonValueKind.Object ? part.Text("type") : null)
            {
                case "image_url" or "input_image":
                    ModelAbilities.Ensure(group, ModelCapabilities.Vision, name);
                    break;
                case "input_audio":
                    ModelAbilities.Ensure(group, ModelCapabilities.Audio, name);
                    break;
            }
        }
    }
}
