namespace AiPlatform.Services.Api.Practices;

/// <summary>The tenant with everything it says of itself; one version for all of it.</summary>
/// <param name="TimeZone">An IANA name: the days of the practice are days there.</param>
/// <param name="SessionFeeMinor">Of a held session, in minor units; null when there is none.</param>
/// <param name="Currency">ISO 4217, for every fee of the practice.</param>
internal sealed record Practice(
    Guid Id, string Name, string OwnerName, string Email, string Phone, string TimeZone, int? SessionFeeMinor, string? Currency, int Version)
{
    public IReadOnlyList<PracticeContact> Contacts { get; init; } = [];

    public IReadOnlyList<PracticeLocation> Locations { get; init; } = [];
}

/// <summary>Whom to reach for what.</summary>
internal sealed record PracticeContact(string Kind, string Name, string Email, string Phone);

internal sealed record PracticeLocation(Guid Id, string Name, string Street, string City, string Postcode, string Country);
