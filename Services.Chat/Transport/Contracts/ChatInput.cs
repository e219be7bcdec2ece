namespace AiPlatform.Services.Chat.Transport.Contracts;

/// <summary>What a client asks to have answered, from a chat_message or a request payload (PROTOCOL sections 4 and 7).</summary>
internal sealed record ChatInput(string Message, Guid? ThreadId, string? Model, string? SessionId)
{
    /// <summary>What a client claims about itself; checked against its token, believed never.</summary>
    public string? ProfileId { get; init; }

    public string? CustomerId { get; init; }
}

/// <summary>Either the input, or why it cannot be taken. An input that is null without an error is to be ignored.</summary>
internal readonly record struct ChatInputReading(ChatInput? Input, ConnectionProblem? Problem)
{
    public static implicit operator ChatInputReading(ConnectionProblem problem) => new(null, problem);

    public static implicit operator ChatInputReading(ChatInput input) => new(input, null);
}

/// <summary>An error in PROTOCOL's words (section 6.6).</summary>
internal sealed record ConnectionProblem(string Code, string Stage, string Content, bool Retryable = false)
{
    public static ConnectionProblem Invalid(string content) => new("validation_error", "validation", content);

    public static ConnectionProblem Forbidden(string content) => new("forbidden", "auth", content);

    public static ConnectionProblem NotConfigured(string stage, string content) => new("configuration_error", stage, content);
}
