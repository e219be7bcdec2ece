using Microsoft.Extensions.Logging;

namespace AiPlatform.ServiceDefaults.Telemetry;

/// <summary>
/// The framework's loggers that write down what a caller sent: whole addresses ("Request starting GET /ws/x?token=...") and
/// request heads that could not be read. They stay as they are here whatever level an operator chose, for a provider too.
/// </summary>
internal static class ContentLoggers
{
    private const string Requests = "Microsoft.AspNetCore.Hosting.Diagnostics";
    private const string BadRequests = "Microsoft.AspNetCore.Server.Kestrel.BadRequests";

    /// <param name="hasSpans">
    /// Whether requests have spans in any case. Otherwise they have one only for a logger that is heard, which makes a scope of every request too, and has
    /// nothing to say from Warning on but of a start that failed, of which the host tells.
    /// </param>
    public static void Quiet(LoggerFilterOptions options, bool hasSpans)
    {
        Hold(options, Requests, hasSpans ? LogLevel.None : LogLevel.Warning);
        Hold(options, BadRequests, LogLevel.Warning);
    }

    // A rule for a provider beats one for all, so there has to be one for each provider that has any; among equals the last one counts.
    private static void Hold(LoggerFilterOptions options, string category, LogLevel level)
    {
        foreach (var provider in options.Rules.Select(rule => rule.ProviderName).Append(null).Distinct().ToList())
        {
            foreach (var louder in options.Rules.Where(rule => rule.ProviderName == provider && IsWithin(rule.CategoryName, category)).ToList())
            {
                options.Rules.Remove(louder);
            }

            options.Rules.Add(new(provider, category, level, filter: null));
        }
    }

    // A rule beats ours when its name is longer: one for a part of the category, or a pattern such as "Microsoft.AspNetCore.*.Diagnostics...".
    private static bool IsWithin(string? rule, string category) =>
        rule is not null && rule.Length >= category.Length
        && (rule.StartsWith(category, StringComparison.OrdinalIgnoreCase) || rule.Contains('*', StringComparison.Ordinal));
}
