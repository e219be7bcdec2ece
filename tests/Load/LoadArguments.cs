using System.Globalization;

namespace AiPlatform.Load;

/// <summary>What the command line says: which loads, and for those on a seeded practice where it lies and how large it is.</summary>
/// <param name="DataFolder">Kept between runs; seeding takes minutes.</param>
/// <param name="Scale">1 for 20,000 clients, 200,000 sessions and 5 million segments.</param>
/// <param name="Only">Of the requests only those with this in their name.</param>
/// <param name="Soak">For so many minutes, to see whether memory grows; null measures speed.</param>
internal sealed record LoadArguments(IReadOnlyList<string> Names, string DataFolder, double Scale, string Only, int? Soak = null)
{
    public const string Usage = "[--data FOLDER] [--scale 0.01] [--only \"session list\"] [--soak [MINUTES]]";

    private const int DefaultSoakMinutes = 10;

    /// <returns>Null for what is no command line of ours.</returns>
    public static LoadArguments? Parse(IReadOnlyList<string> arguments)
    {
        var parsed = new LoadArguments([], DefaultDataFolder(), 1, "");
        for (var index = 0; index < arguments.Count; index++)
        {
            switch (arguments[index])
            {
                case "--data" when index + 1 < arguments.Count:
                    parsed = parsed with { DataFolder = Path.GetFullPath(arguments[++index]) };
                    break;
                case "--only" when index + 1 < arguments.Count:
                    parsed = parsed with { Only = arguments[++index] };
                    break;
                case "--soak":
                    var hasMinutes = index + 1 < arguments.Count && int.TryParse(arguments[index + 1], CultureInfo.InvariantCulture, out _);
                    parsed = parsed with { Soak = hasMinutes ? int.Parse(arguments[++index], CultureInfo.InvariantCulture) : DefaultSoakMinutes };
                    break;
                case "--scale" when index + 1 < arguments.Count
                    && double.TryParse(arguments[index + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out var scale) && scale is > 0 and <= 10:
                    parsed = parsed with { Scale = scale };
                    index++;
                    break;
                case { } name when !name.StartsWith('-'):
                    parsed = parsed with { Names = [.. parsed.Names, name] };
                    break;
                default:
                    return null;
            }
        }

        return parsed;
    }

    // artifacts/local/bin/Load/release/ -> artifacts/load
    private static string DefaultDataFolder() => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../load"));
}
