using System.Globalization;
using AiPlatform.Services.Documents.Sources;
using AiPlatform.Services.Documents.Templates;

namespace AiPlatform.Services.Documents.Rendering;

/// <summary>What the template's variables stand for. Dates read "20 November 2026", in the practice's time zone.</summary>
internal static class DocumentValues
{
    public static IReadOnlyDictionary<string, string> Of(SourceSnapshot sources, DateTimeOffset now) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [TemplateVariables.ClientName] = sources.Client.Name,
        [TemplateVariables.Date] = Format(now, sources.Practice),
        [TemplateVariables.PractitionerName] = sources.Practitioner.Name,
        [TemplateVariables.PracticeName] = sources.Practice.Name,
        [TemplateVariables.SessionDate] = SessionDates(sources),
    };

    public static string SessionDates(SourceSnapshot sources) =>
        string.Join(", ", sources.Sessions.Select(session => Format(session.StartedAt, sources.Practice)).Distinct());

    public static string Format(DateTimeOffset time, SourcePractice practice)
    {
        var zone = practice.TimeZone is { } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found) ? found : TimeZoneInfo.Utc;
        return TimeZoneInfo.ConvertTime(time, zone).ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
    }
}
