namespace AiPlatform.Tests.Common;

/// <summary>A step of a scripted answer.</summary>
public abstract record ModelStep
{
    private ModelStep()
    {
    }

    public static IReadOnlyList<ModelStep> Words(string text)
    {
        // "a b" as "a", " b": the pieces put together are the text.
        var words = text.Split(' ');
        return [.. words.Select((word, index) => new TextDelta(index == 0 ? word : $" {word}"))];
    }

    /// <summary>A piece of text.</summary>
    public sealed record TextDelta(string Text) : ModelStep;

    /// <summary>A tool call; streamed as its name first and its arguments in pieces.</summary>
    /// <param name="Arguments">JSON as text, or anything else to script a model that cannot write JSON.</param>
    /// <param name="Id">Null means a fresh one.</param>
    /// <param name="Signature">What Gemini signs its calls with.</param>
    public sealed record ToolCall(string Name, string Arguments, string? Id = null, string? Signature = null) : ModelStep;

    /// <summary>A piece of what the model thinks before it answers.</summary>
    /// <param name="Signature">Anthropic's signature, or OpenAI's encrypted form; with the last piece.</param>
    public sealed record Thought(string Text, string? Signature = null) : ModelStep;

    /// <summary>Sends nothing until the gate opens or the time is over, whichever is given.</summary>
    public sealed record Wait : ModelStep
    {
        public Wait(Task gate) => Over = gate.WaitAsync;

        public Wait(TimeSpan time) => Over = cancellationToken => Task.Delay(time, cancellationToken);

        internal Func<CancellationToken, Task> Over { get; }
    }

    /// <summary>Bytes that are no valid part of the answer.</summary>
    public sealed record Raw(string Text) : ModelStep;

    /// <summary>Breaks the connection here; nothing after it is sent.</summary>
    public sealed record Cut : ModelStep;
}
