namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>The kinds of server a model can be behind, as the catalogue names them.</summary>
internal static class ModelProvider
{
    /// <summary>Any OpenAI-compatible server; which one, and what it refuses, says the <see cref="Vendor"/>.</summary>
    public const string OpenAi = "openai";

    public const string Anthropic = "anthropic";
    public const string Gemini = "gemini";

    /// <summary>Claude Code in a process beside this one, reached over HTTP.</summary>
    public const string ClaudeCode = "claude_code";

    /// <summary>The embedded model, which has no address.</summary>
    public const string Local = "local";
}

/// <summary>Which of OpenAI's two chat wires an endpoint speaks. Endpoints of other providers are translated and have none.</summary>
internal enum EndpointApi
{
    ChatCompletions,
    Responses,
}
