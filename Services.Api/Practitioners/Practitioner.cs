namespace AiPlatform.Services.Api.Practitioners;

/// <summary>Who treats.</summary>
/// <param name="Active">Whether they treat now; their account is Identity's and stays as it is.</param>
/// <param name="SessionFeeMinor">Of a session they held, in minor units of the practice's currency; null for the practice's fee.</param>
internal sealed record Practitioner(
    Guid Id, string Name, string Title, string Email, string Phone, IReadOnlyList<string> Specialities, bool Active, int? SessionFeeMinor, int Version)
{
    public string Status => Active ? PractitionerStatus.Active : PractitionerStatus.Inactive;
}

internal static class PractitionerStatus
{
    public const string Active = "active";
    public const string Inactive = "inactive";
}
