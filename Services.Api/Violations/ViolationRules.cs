using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using AiPlatform.ServiceDefaults.Writes;

namespace AiPlatform.Services.Api.Violations;

/// <summary>What a record may say.</summary>
internal static partial class ViolationRules
{
    private const int MaxType = 64;
    private const int MaxUserAgent = 512;
    private const int MaxMetadataBytes = 16 * 1024;

    public static Violation Check(Guid id, RecordViolationRequest request, ViolationCaller caller, Guid recordedBy, DateTimeOffset now)
    {
        var faults = new Faults("violation.invalid");
        if (request.ProfileId is null || request.ProfileId == Guid.Empty)
        {
            faults.Add("profileId", "violation.profile_required", "A record is of a practitioner's profile.");
        }

        if (request.ViolationType is not { Length: <= MaxType } || !TypeName().IsMatch(request.ViolationType))
        {
            faults.Add("violationType", "violation.type_invalid", $"The type is 1 to {MaxType} characters: lower-case words with underscores.");
        }

        if (request.Confidence is < 0 or > 1)
        {
            faults.Add("confidence", "number.out_of_range", "A number from 0 to 1 is needed.");
        }

        var violation = new Violation(
            id, request.ProfileId ?? Guid.Empty,
            faults.OptionalText("templateId", request.TemplateId, 100),
            faults.OptionalText("templateName", request.TemplateName, 200),
            request.ViolationType ?? "",
            faults.OptionalText("templateContent", request.TemplateContent, 100_000),
            faults.Text("reason", request.Reason, 4000),
            request.Confidence, request.ClientId,
            CheckMetadata(request.Metadata, faults),
            CheckAddress(request.IpAddress, faults) ?? AddressOf(caller.Address),
            faults.OptionalText("userAgent", request.UserAgent, MaxUserAgent) ?? Shorten(caller.UserAgent),
            recordedBy, now);
        faults.Throw();
        return violation;
    }

    private static string? CheckMetadata(JsonElement? metadata, Faults faults)
    {
        if (metadata is not { ValueKind: not JsonValueKind.Null } given)
        {
            return null;
        }

        var text = given.ValueKind is JsonValueKind.Object && IsText(given) ? given.GetRawText() : null;
        if (text is null || System.Text.Encoding.UTF8.GetByteCount(text) > MaxMetadataBytes)
        {
            faults.Add("metadata", "violation.metadata_invalid", $"A JSON object of at most {MaxMetadataBytes} bytes is needed.");
        }

        return text;
    }

    // Texts within an element are not decoded while it is read: half of a surrogate pair ("\ud800") would come up when it is written.
    private static bool IsText(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Object => element.EnumerateObject().All(member => member.Name is not null && IsText(member.Value)),
                JsonValueKind.Array => element.EnumerateArray().All(IsText),
                JsonValueKind.String => element.GetString() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string? CheckAddress(string? text, Faults faults)
    {
        if (text is null)
        {
            return null;
        }

        // The parser would take "1" for 0.0.0.1, and an IPv6 address with the name of an interface behind it.
        var sound = IPAddress.TryParse(text, out var address) && !text.Contains('%', StringComparison.Ordinal)
            && (address.AddressFamily is AddressFamily.InterNetworkV6 || address.ToString() == text);
        if (!sound)
        {
            faults.Add("ipAddress", "violation.address_invalid", "An IPv4 or IPv6 address is needed.");
        }

        return sound ? AddressOf(address) : null;
    }

    // A socket for both families says ::ffff:192.0.2.1 for 192.0.2.1.
    private static string? AddressOf(IPAddress? address) => (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();

    private static string? Shorten(string? userAgent) =>
        string.IsNullOrWhiteSpace(userAgent) ? null : userAgent.Length > MaxUserAgent ? userAgent[..MaxUserAgent] : userAgent;

    [GeneratedRegex(@"\A[a-z][a-z0-9]*(_[a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex TypeName();
}

/// <summary>Who is at the other end of the connection.</summary>
internal sealed record ViolationCaller(IPAddress? Address, string? UserAgent);
