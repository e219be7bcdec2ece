using System.Globalization;
using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.ServiceDefaults.Writes;

/// <summary>The versions of a record that a caller is ready to change; the ETag of a record is its version in quotes.</summary>
public sealed class IfMatch
{
    private const int MaxLength = 200;

    private readonly IReadOnlyList<string>? _tags;

    private IfMatch(IReadOnlyList<string>? tags) => _tags = tags;

    /// <exception cref="DomainException">There is no such header: an update without it would overwrite what nobody looked at.</exception>
    public static IfMatch Read(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
        {
            throw new DomainException(
                DomainErrorKind.PreconditionRequired, "precondition.required", "An If-Match with the ETag that was read is needed.");
        }

        // Ours have no comma in them. A weak tag (W/"3") is none of ours either: an update needs the strong comparison of RFC 9110.
        return header.Trim() is "*" ? new(null) : new(header.Length > MaxLength ? [] : header.Split(',', StringSplitOptions.TrimEntries));
    }

    public static string TagOf(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <exception cref="DomainException">The record has moved on since.</exception>
    public void Ensure(int version)
    {
        if (_tags is not null && !_tags.Contains(TagOf(version)))
        {
            throw new DomainException(
                DomainErrorKind.PreconditionFailed, "precondition.failed", "The record was changed since this ETag was read; read it again.");
        }
    }
}
