using System.Text.Json;
using AiPlatform.Services.Chat.Gateway.Requests;
using AiPlatform.Services.Chat.Models.Providers.OpenAi;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.ChatCompletions;

/// <summary>
/// From OpenAI's parameters to Microsoft.Extensions.AI's options. What changes the answer and cannot be asked of every model is refused by
/// name; what a model merely has no use for, such as a seed, its adapter leaves out.
/// </summary>
internal static class CompletionOptions
{
    private static readonly JsonElement NoParameters = JsonElement.Parse("""{"type":"object","properties":{}}""");

    public static ChatOptions Of(CompletionRequest request)
    {
        Refuse(request);
        var tools = (request.Tools ?? []).Select(ToTool).ToList();

        return new()
        {
            Tools = request.WebSearchOptions is { ValueKind: JsonValueKind.Object } ? [.. tools, new HostedWebSearchTool()] : tools.Count > 0 ? tools : null,
            ToolMode = ToMode(request.ToolChoice, tools),
            AllowMultipleToolCalls = request.ParallelToolCalls,
            ResponseFormat = ToFormat(request.ResponseFormat),
            AdditionalProperties = request.ResponseFormat?.JsonSchema is { } schema ? Strictness.WithFormat(schema.Strict) : null,
            Temperature = request.Temperature,
            TopP = request.TopP,
            FrequencyPenalty = request.FrequencyPenalty,
            PresencePenalty = request.PresencePenalty,
            MaxOutputTokens = request.MaxCompletionTokens ?? request.MaxTokens,
            Seed = request.Seed,
            StopSequences = ToStops(request.Stop),
            Reasoning = Efforts.Of(request.ReasoningEffort, "reasoning_effort"),
        };
    }

    private static void Refuse(CompletionRequest request)
    {
        if (request.N is not (null or 1))
        {
            throw InvalidRequest.Value("n", "This model gives one choice.");
        }

        if (request.Logprobs is true || request.TopLogprobs > 0)
        {
            throw InvalidRequest.Unsupported(request.Logprobs is true ? "logprobs" : "top_logprobs", "This model does not tell the probabilities of its tokens.");
        }

        if (request.LogitBias is { ValueKind: JsonValueKind.Object } bias && bias.EnumerateObject().Any())
        {
            throw InvalidRequest.Unsupported("logit_bias", "This model takes no bias for single tokens.");
        }

        if (request.Functions is { ValueKind: not JsonValueKind.Null })
        {
            throw InvalidRequest.Unsupported("functions", "functions is no longer supported; use tools.");
        }

        if (request.Modalities?.FirstOrDefault(modality => modality != "text") is { } modality)
        {
            throw InvalidRequest.Unsupported("modalities", $"This model does not answer in {modality}.");
        }

        InvalidRequest.Range("temperature", request.Temperature, 0, 2);
        InvalidRequest.Range("top_p", request.TopP, 0, 1);
        InvalidRequest.Range("frequency_penalty", request.FrequencyPenalty, -2, 2);
        InvalidRequest.Range("presence_penalty", request.PresencePenalty, -2, 2);
        InvalidRequest.AtLeastOne("max_completion_tokens", request.MaxCompletionTokens);
        InvalidRequest.AtLeastOne("max_tokens", request.MaxTokens);
    }

    private static AITool ToTool(CompletionTool tool, int index) => tool is { Type: "function", Function: { Name.Length: > 0 } function }
        ? Strictness.Declare(function.Name, function.Description ?? "", Parameters(function.Parameters, $"tools[{index}].function.parameters"), function.Strict)
        : throw InvalidRequest.Value($"tools[{index}]", "A tool is of type function and has a function with a name.");

    private static JsonElement Parameters(JsonElement? given, string param) => given switch
    {
        null or { ValueKind: JsonValueKind.Null } => NoParameters,
        { ValueKind: JsonValueKind.Object } schema => schema,
        _ => throw InvalidRequest.Value(param, "parameters is a JSON schema of an object."),
    };

    private static ChatToolMode? ToMode(JsonElement? choice, List<AITool> tools) => choice switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } word when word.ValueEquals("auto") => ChatToolMode.Auto,
        { ValueKind: JsonValueKind.String } word when word.ValueEquals("none") => ChatToolMode.None,
        { ValueKind: JsonValueKind.String } word when word.ValueEquals("required") && tools.Count > 0 => ChatToolMode.RequireAny,
        { ValueKind: JsonValueKind.Object } named when named.TryGetProperty("function", out var function)
            && function.ValueKind == JsonValueKind.Object && function.TryGetProperty("name", out var name)
            && tools.Any(tool => name.ValueKind == JsonValueKind.String && name.ValueEquals(tool.Name)) => ChatToolMode.RequireSpecific(name.GetString()!),
        _ => throw InvalidRequest.Value("tool_choice", "tool_choice is auto, none, required or one of the tools."),
    };

    private static ChatResponseFormat? ToFormat(ResponseFormat? format) => format switch
    {
        null => null,
        { Type: "text" } => ChatResponseFormat.Text,
        { Type: "json_object" } => ChatResponseFormat.Json,
        { Type: "json_schema", JsonSchema: { Schema: { ValueKind: JsonValueKind.Object } schema } named } =>
            ChatResponseFormat.ForJsonSchema(schema, named.Name, named.Description),
        _ => throw InvalidRequest.Value("response_format", "response_format is text, json_object or json_schema with a schema."),
    };

    private static List<string>? ToStops(JsonElement? stop) => stop switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        { ValueKind: JsonValueKind.Array } several when several.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            [.. several.EnumerateArray().Select(item => item.GetString()!)],
        _ => throw InvalidRequest.Value("stop", "stop is a text or a list of texts."),
    };
}
