using System.Diagnostics;

namespace AiPlatform.ServiceDefaults.Http;

/// <summary>The correlation id of the work at hand: the caller's own when it sent one, otherwise the trace id.</summary>
public static class Correlation
{
    public const string Header = "X-Correlation-Id";
    private const int MaxLength = 64;

    private static readonly AsyncLocal<string?> Ambient = new();

    public static string Current => Ambient.Value ?? Make();

    /// <summary>Sets the id for this flow of control and what it calls. A value that is not a plain short word is not taken over.</summary>
    // A trace carries its id itself; an ambient value beside it would be one more for every step of a request to take along.
    public static void Use(string? correlationId) => Ambient.Value = IsValid(correlationId) ? correlationId : Activity.Current is null ? Make() : null;

    private static string Make() => Activity.Current?.TraceId.ToHexString() ?? Guid.CreateVersion7().ToString("N");

    private static bool IsValid(string? value) =>
        value is { Length: > 0 and <= MaxLength } && value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
