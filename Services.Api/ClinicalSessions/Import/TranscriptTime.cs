using System.Globalization;

namespace AiPlatform.Services.Api.ClinicalSessions.Import;

/// <summary>A place in a recording: <c>01:02:03</c>, <c>01:02:03.250</c>, <c>62:03</c> or <c>3723.25</c> seconds.</summary>
internal static class TranscriptTime
{
    private const int LongestHours = 24;

    public static bool TryParse(string? text, out int milliseconds)
    {
        milliseconds = 0;
        var parts = (text ?? "").Trim().Split(':');
        if (parts.Length > 3
            || !decimal.TryParse(parts[^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var total)
            || (parts.Length > 1 && total >= 60))
        {
            return false;
        }

        var unit = 60;
        for (var index = parts.Length - 2; index >= 0; index--)
        {
            // Minutes beside hours stay under 60; alone they may be more, as some recorders write.
            if (!int.TryParse(parts[index], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                || value > LongestHours * 60
                || (index > 0 && value >= 60))
            {
                return false;
            }

            total += (decimal)value * unit;
            unit *= 60;
        }

        if (total > LongestHours * 3600)
        {
            return false;
        }

        milliseconds = (int)(total * 1000);
        return true;
    }
}
