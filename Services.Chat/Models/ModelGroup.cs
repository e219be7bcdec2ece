namespace AiPlatform.Services.Chat.Models;

internal static class ModelProvider
{
    public const string OpenAi = "openai";
    public const string Local = "local";
}

/// <summary>A logical model: the name callers use, and the endpoint that serves it.</summary>
/// <param name="Endpoint">Null for the embedded model, which has no address.</param>
internal sealed record ModelGroup(string Name, IReadOnlyList<string> Aliases, string Provider, ModelEndpoint? Endpoint)
{
    public string ModelId => Endpoint?.ModelId ?? ModelProvider.Local;

    public bool Answers(string name) =>
        string.Equals(Name, name, StringComparison.OrdinalIgnoreCase) || Aliases.Contains(name, StringComparer.OrdinalIgnoreCase);
}

/// <summary>Where an OpenAI-compatible server is. The key stays out of the record's text.</summary>
internal sealed class ModelEndpoint(Uri baseUrl, string modelId, string apiKey, TimeSpan timeout)
{
    public Uri BaseUrl { get; } = baseUrl;

    public string ModelId { get; } = modelId;

    public string ApiKey { get; } = apiKey;

    public TimeSpan Timeout { get; } = timeout;
}
