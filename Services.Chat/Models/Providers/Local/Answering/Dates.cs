using System.Globalization;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Answering;

internal static class Dates
{
    /// <summary>"2026-05-12T09:00:00Z" as "12 May 2026"; null when it is no date.</summary>
    public static string? Day(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? Day(time) : null;

    public static string Day(DateTimeOffset time) => time.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
