using Microsoft.Extensions.Logging;

namespace AiPlatform.ServiceDefaults.Telemetry;

/// <summary>
/// The framework's loggers that write down what a caller sent: whole addresses ("Request starting GET /ws/x?token=...") and
/// request heads that could not be read. They stay at Warning whatever level an operator chose, for a provider too.
/// </summary>
internal static class ContentLoggers
{
    private static readonly string[] Categories =
    [
        "Microsoft.AspNetCore.Hosting.Diagnostics",
        "Microsoft.AspNetCore.Server.Kestrel.BadRequests",
    ];

    // A rule for a provider beats one for all, so there has to be one for each provider that has any; among equals the last one counts.
    public static void Quiet(LoggerFilterOptions options)
    {
        foreach (var provider in options.Rules.Select(rule => rule.ProviderName).Append(null).Distinct().ToList())
        {
            foreach (var category in Categories)
            {
                foreach (var louder in options.Rules.Where(rule => rule.ProviderName == provider && IsWithin(rule.CategoryName, category)).ToList())
                {
                    options.Rules.Remove(louder);
                }

                options.Rules.Add(new(provider, category, LogLevel.Warning, filter: null));
            }
        }
    }

    // A rule beats ours when its name is longer: one for a part of the category, or a pattern such as "Microsoft.AspNetCore.*.Diagnostics...".
    private static bool IsWithin(string? rule, string category) =>
        rule is not null && rule.Length >= category.Length
        && (rule.StartsWith(category, StringComparison.OrdinalIgnoreCase) || rule.Contains('*', StringComparison.Ordinal));
}
