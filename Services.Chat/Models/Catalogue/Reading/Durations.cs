using System.Globalization;

namespace AiPlatform.Services.Chat.Models.Catalogue.Reading;

/// <summary>Times as people write them: a number and its unit.</summary>
internal static class Durations
{
    // Longest unit first: "ms" also ends in "s".
    private static readonly (string Unit, TimeSpan One)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)),
    ];

    public static bool TryParse(string text, out TimeSpan value)
    {
        foreach (var (unit, one) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number < 1_000_000)
            {
                value = one * number;
                return true;
            }
        }

        value = default;
        return false;
    }

    public static string Format(TimeSpan value)
    {
        var (unit, one) = value == TimeSpan.Zero ? ("s", TimeSpan.FromSeconds(1)) : Units.Last(unit => value >= unit.One && value.Ticks % unit.One.Ticks == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{value / one:0.###}{unit}");
    }
}
