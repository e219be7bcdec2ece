namespace Aspire.Hosting.ApplicationModel;

internal static class ResourceNames
{
    public const int MaxLength = 64;

    public static void Validate(string name)
    {
        var problem = Problem(name);
        if (problem is not null)
        {
            throw new ArgumentException($"Resource name '{name}' is invalid. {problem}", nameof(name));
        }
    }

    /// <summary>The suffix that tells the instances of one resource apart: eight lower-case letters.</summary>
    public static string NewInstanceSuffix() => System.Security.Cryptography.RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 8);

    private static string? Problem(string name)
    {
        if (name.Length is < 1 or > MaxLength)
        {
            return $"Name must be between 1 and {MaxLength} characters long.";
        }

        if (!char.IsAsciiLetter(name[0]))
        {
            return "Name must start with an ASCII letter.";
        }

        if (name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
        {
            return "Name must contain only ASCII letters, digits, and hyphens.";
        }

        if (name.EndsWith('-'))
        {
            return "Name cannot end with a hyphen.";
        }

        return name.Contains("--", StringComparison.Ordinal) ? "Name cannot contain consecutive hyphens." : null;
    }
}
