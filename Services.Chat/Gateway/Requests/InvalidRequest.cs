using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Chat.Gateway.Requests;

/// <summary>Refusals of a request that is not as its wire says, each with the parameter at fault.</summary>
internal static class InvalidRequest
{
    public static DomainException Value(string param, string message) =>
        new(DomainErrorKind.Invalid, "invalid_value", message) { Errors = [new(param, message)] };

    /// <summary>For what the wire knows and the model behind it cannot do.</summary>
    public static DomainException Unsupported(string param, string message) =>
        new(DomainErrorKind.Invalid, "unsupported_parameter", message) { Errors = [new(param, message)] };

    public static void Range(string param, float? value, float least, float most)
    {
        if (value < least || value > most)
        {
            throw Value(param, $"{param} is between {least} and {most}.");
        }
    }

    public static void AtLeastOne(string param, long? value)
    {
        if (value < 1)
        {
            throw Value(param, $"{param} is 1 or more.");
        }
    }
}
