namespace AiPlatform.Services.Chat.Models.Providers.Local.Planning;

/// <summary>What the model does next: one tool call, or words.</summary>
internal abstract record Step;

internal sealed record CallStep(string Tool, IReadOnlyDictionary<string, object?> Arguments) : Step;

internal sealed record SayStep(string Text) : Step;

/// <summary>A part of the request and the tool that serves it.</summary>
internal sealed record Goal(ToolProfile Tool, string Text);

/// <summary>What became of one parameter.</summary>
internal abstract record Argument
{
    /// <summary>The parameter is left to its default.</summary>
    public static readonly Argument Omitted = new OmittedArgument();

    public static Argument Of(object? value) => value is null ? Omitted : new ValueArgument(value);
}

internal sealed record ValueArgument(object Value) : Argument;

internal sealed record OmittedArgument : Argument;

/// <summary>Not known, but the answer of one of these tools would tell.</summary>
internal sealed record NeededArgument(params IReadOnlyList<string> Providers) : Argument;

/// <summary>Cannot be known without the user.</summary>
/// <param name="Stops">True when going on without it would be wrong even where the parameter is optional: nobody found, or several.</param>
internal sealed record OpenArgument(string Say, bool Stops = false) : Argument;
