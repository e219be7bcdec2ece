using AiPlatform.Services.Api.Practices;

namespace AiPlatform.Services.Api.Practitioners;

/// <summary>What a held session costs.</summary>
internal static class SessionFees
{
    /// <returns>The practitioner's own fee or else the practice's, in minor units; null when there is none, or no currency to say it in.</returns>
    public static int? Of(Practice practice, Practitioner? practitioner) =>
        practice.Currency is null ? null : practitioner?.SessionFeeMinor ?? practice.SessionFeeMinor;
}
