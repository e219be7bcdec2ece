using System.Diagnostics.CodeAnalysis;

namespace AiPlatform.Services.Chat.Services;

/// <summary>Why a neighbour gave no answer, in the codes that tools report to the model.</summary>
/// <param name="Message">For people; never the neighbour's own body, apart from the detail of a refused input.</param>
/// <param name="Retryable">True when the same call may succeed a little later.</param>
/// <param name="InDoubt">True when the neighbour answered, and whether a write was done cannot be made out from the answer.</param>
internal sealed record ServiceError(string Code, string Message, bool Retryable, bool InDoubt = false);

/// <summary>A neighbour's answer: either the value or the error.</summary>
internal readonly record struct ServiceReply<T>(T? Value, ServiceError? Error)
    where T : class
{
    public bool Failed([NotNullWhen(true)] out ServiceError? error, [NotNullWhen(false)] out T? value)
    {
        error = Error;
        value = Value;
        return error is not null;
    }

    public static implicit operator ServiceReply<T>(T value) => new(value, null);

    public static implicit operator ServiceReply<T>(ServiceError error) => new(null, error);
}
