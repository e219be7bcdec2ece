using System.Text.RegularExpressions;

namespace AiPlatform.Services.Chat.Models.Catalogue.Reading;

/// <summary>Puts the environment's values in the place of <c>${NAME}</c>, and of <c>${NAME:-otherwise}</c> when there is none.</summary>
internal sealed partial class EnvironmentReferences(Func<string, string?> find, List<string> faults)
{
    public Setting.Scalar Resolve(string text, string path)
    {
        var isBroken = false;
        var resolved = Reference().Replace(text, match =>
        {
            var name = match.Groups["name"].Value;

            if (find(name) is { Length: > 0 } value)
            {
                return value;
            }

            if (match.Groups["otherwise"] is { Success: true, Value: var otherwise })
            {
                return otherwise;
            }

            faults.Add($"{path}: refers to the environment variable {name}, which is not set.");
            isBroken = true;
            return "";
        });

        return new(path, resolved, isBroken);
    }

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<otherwise>[^}]*))?\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}
