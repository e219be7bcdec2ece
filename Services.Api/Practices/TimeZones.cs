using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace AiPlatform.Services.Api.Practices;

/// <summary>Time zones by their IANA names: Europe/London, UTC.</summary>
internal static partial class TimeZones
{
    public const int MaxLength = 64;

    /// <returns><see langword="false"/> for a name that is none, also for one that only Windows or only this machine knows.</returns>
    public static bool TryFind(string? name, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = null;

        // The name becomes part of a path where the zones lie: nothing that leads out of there, nor to what else lies there (posix/, right/, localtime).
        return name is { Length: <= MaxLength } && Name().IsMatch(name)
            && (name is "UTC" || !TimeZoneInfo.TryConvertWindowsIdToIanaId(name, out _))
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone);
    }

    /// <summary>The zone of a name that was checked when it was stored.</summary>
    public static TimeZoneInfo Find(string name) => TimeZoneInfo.FindSystemTimeZoneById(name);

    [GeneratedRegex(@"\A[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*){0,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
