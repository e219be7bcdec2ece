using System.Net.Mail;
using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.ServiceDefaults.Writes;

/// <summary>The faults of a body, gathered so that all are told at once.</summary>
/// <param name="code">Of the whole: <c>homework.invalid</c>.</param>
public sealed class Faults(string code)
{
    private readonly List<FieldError> _errors = [];

    public void Add(string field, string faultCode, string message) => _errors.Add(new(field, message, faultCode));

    /// <summary>A text that must be there: trimmed, 1 to <paramref name="max"/> characters.</summary>
    public string Text(string field, string? text, int max)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            Add(field, "text.required", $"A text of 1 to {max} characters is needed.");
            return "";
        }

        return OptionalText(field, text, max) ?? "";
    }

    /// <summary>A text that may be absent or empty; both are null.</summary>
    public string? OptionalText(string field, string? text, int max)
    {
        var trimmed = text?.Trim();
        if (trimmed?.Length > max)
        {
            Add(field, "text.too_long", $"At most {max} characters.");
        }
        else if (trimmed?.Any(character => char.IsControl(character) && character is not ('\n' or '\r' or '\t')) is true)
        {
            Add(field, "text.control_character", "Control characters are refused.");
        }

        return string.IsNullOrEmpty(trimmed) ? null : trimmed;
    }

    /// <summary>An address that may be absent or empty; both are null. Whether mail arrives there nobody can tell by looking at it.</summary>
    public string? Email(string field, string? text)
    {
        var address = OptionalText(field, text, 254);
        if (address is not null && (!MailAddress.TryCreate(address, out var parsed) || parsed.Address != address || address.Any(char.IsWhiteSpace)))
        {
            Add(field, "email.invalid", "An email address is needed, as name@practice.example.");
        }

        return address;
    }

    /// <summary>A number that may be absent or empty; both are null. As people write it: +44 1273 550 100.</summary>
    public string? Phone(string field, string? text)
    {
        var number = OptionalText(field, text, 40);
        if (number is not null && (!number.Any(char.IsAsciiDigit) || !number.All(character => char.IsAsciiDigit(character) || character is '+' or ' ' or '-' or '(' or ')' or '.' or '/')))
        {
            Add(field, "phone.invalid", "A phone number is needed, as +44 1273 550 100.");
        }

        return number;
    }

    /// <summary>A text that must be there and is taken as it is: a password may begin with a space.</summary>
    public string Verbatim(string field, string? text, int max)
    {
        if (string.IsNullOrEmpty(text))
        {
            Add(field, "text.required", $"A text of 1 to {max} characters is needed.");
        }
        else if (text.Length > max)
        {
            Add(field, "text.too_long", $"At most {max} characters.");
        }

        return text ?? "";
    }

    /// <summary>A whole number that must be there and lie within both ends.</summary>
    public int Number(string field, int? number, int min, int max)
    {
        if (number is null || number < min || number > max)
        {
            Add(field, "number.out_of_range", $"A whole number from {min} to {max} is needed.");
        }

        return number ?? min;
    }

    /// <summary>A day that must be there and lie within both ends.</summary>
    public DateOnly Date(string field, DateOnly? day, DateOnly earliest, DateOnly latest)
    {
        if (day is null || day < earliest || day > latest)
        {
            Add(field, "date.out_of_range", $"A day from {earliest:yyyy-MM-dd} to {latest:yyyy-MM-dd} is needed.");
        }

        return day ?? earliest;
    }

    /// <exception cref="DomainException">There was a fault.</exception>
    public void Throw()
    {
        if (_errors.Count > 0)
        {
            throw new DomainException(DomainErrorKind.Invalid, code, "The body has faults; errors names them.") { Errors = [.. _errors] };
        }
    }
}
