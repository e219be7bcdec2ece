using System.Globalization;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.Data;
using Microsoft.AspNetCore.WebUtilities;

namespace AiPlatform.Services.Api.Fhir;

/// <summary>What a search asks for.</summary>
/// <param name="Count">Entries of a page; 0 asks for the total alone.</param>
/// <param name="Applied">The parameters that were honoured, as the self link tells them; without the cursor.</param>
internal sealed record FhirSearch(ChangeFilter Filter, int Count, string? Cursor, IReadOnlyList<KeyValuePair<string, string?>> Applied)
{
    public const int DefaultCount = 50;
    public const int MaxCount = 200;
    public const int MaxValues = 100;
    public const string CursorName = "_cursor";

    private const int MaxDates = 10;

    /// <param name="known">The parameters that this resource type is searched by.</param>
    public static FhirSearch Read(HttpRequest request, string baseUrl, params string[] known)
    {
        var faults = new List<FieldError>();
        var applied = new List<KeyValuePair<string, string?>>();
        var filter = new ChangeFilter();
        var count = DefaultCount;
        string? cursor = null;
        foreach (var (name, values) in request.Query)
        {
            var isKnown = name is "_count" or CursorName or FhirFormat.Parameter || known.Contains(name, StringComparer.Ordinal);
            if (!isKnown)
            {
                // Another meaning of what we know (patient:missing, patient.name) is refused: ignored, it would find more than was asked for.
                if (known.Contains(name.Split(':', '.')[0], StringComparer.Ordinal))
                {
                    faults.Add(new(name, "Modifiers and chains are not supported.", "fhir.parameter_unsupported"));
                }
                else if (IsStrict(request))
                {
                    faults.Add(new(name, "This parameter is not supported.", "fhir.parameter_unknown"));
                }

                continue;
            }

            foreach (var value in values)
            {
                var next = string.IsNullOrEmpty(value) ? null : Apply(filter, name, value, baseUrl, ref count, ref cursor);
                if (next is null || (values.Count > 1 && name is ("_count" or CursorName)))
                {
                    faults.Add(new(name, Expectation(name), name == CursorName ? "fhir.cursor_invalid" : "fhir.parameter_invalid"));
                    continue;
                }

                filter = next;
                if (name != CursorName)
                {
                    applied.Add(new(name, name == "_count" ? count.ToString(CultureInfo.InvariantCulture) : value));
                }
            }
        }

        return faults.Count == 0
            ? new(filter with { Limit = count + 1 }, count, cursor, applied)
            : throw new DomainException(DomainErrorKind.Invalid, "fhir.search_invalid", "The search could not be read.") { Errors = faults };
    }

    public FhirSearch Within(ClientScope scope) => this with { Filter = Filter with { Scope = scope } };

    public string Link(string url, string? cursor) =>
        QueryHelpers.AddQueryString(url, cursor is null ? Applied : Applied.Append(new(CursorName, cursor)));

    private static ChangeFilter? Apply(ChangeFilter filter, string name, string value, string baseUrl, ref int count, ref string? cursor)
    {
        switch (name)
        {
            case "_count":
                if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out count))
                {
                    return null;
                }

                count = Math.Min(count, MaxCount);
                return filter;
            case CursorName:
                cursor = value;
                return FhirCursor.TryParse(value) is { } place ? filter with { After = place } : null;
            case "_id":
                return ReadIds(value, static text => text) is { } ids ? filter with { Ids = Both(filter.Ids, ids) } : null;
            case "patient":
                return ReadIds(value, text => PatientId(text, baseUrl)) is { } clients ? filter with { ClientIds = Both(filter.ClientIds, clients) } : null;
            case "_lastUpdated":
                return filter.Within.Count + filter.Outside.Count < MaxDates && FhirDate.TryParse(value) is { } date ? Limit(filter, date) : null;
            default:
                return filter;
        }
    }

    // A change happens at one moment, so "overlaps" and "contains" are one, and sa and eb say what gt and lt say.
    private static ChangeFilter Limit(ChangeFilter filter, FhirDate date) => date.Prefix switch
    {
        "ne" => filter with { Outside = [.. filter.Outside, new(date.Start, date.End)] },
        "gt" or "sa" => filter with { Within = [.. filter.Within, new(date.End, null)] },
        "ge" => filter with { Within = [.. filter.Within, new(date.Start, null)] },
        "lt" or "eb" => filter with { Within = [.. filter.Within, new(null, date.Start)] },
        "le" => filter with { Within = [.. filter.Within, new(null, date.End)] },
        _ => filter with { Within = [.. filter.Within, new(date.Start, date.End)] },
    };

    // Values with commas between them: any of them. An id that cannot be one of ours is nobody's.
    private static List<Guid>? ReadIds(string value, Func<string, string> idOf)
    {
        var texts = value.Split(',');
        return texts.Length > MaxValues ? null : [.. texts.Select(text => FhirId.TryParse(idOf(text))).OfType<Guid>()];
    }

    // 0a..., Patient/0a..., https://host/fhir/Patient/0a...
    private static string PatientId(string text, string baseUrl)
    {
        var relative = text.StartsWith($"{baseUrl}/", StringComparison.Ordinal) ? text[(baseUrl.Length + 1)..] : text;
        return relative.StartsWith("Patient/", StringComparison.Ordinal) ? relative["Patient/".Length..] : relative;
    }

    private static IReadOnlyCollection<Guid> Both(IReadOnlyCollection<Guid>? first, IReadOnlyCollection<Guid> second) =>
        first is null ? second : [.. first.Intersect(second)];

    private static bool IsStrict(HttpRequest request) => request.Headers["Prefer"]
        .SelectMany(header => (header ?? "").Split([',', ';'], StringSplitOptions.TrimEntries))
        .Any(preference => preference.Equals("handling=strict", StringComparison.OrdinalIgnoreCase));

    private static string Expectation(string name) => name switch
    {
        "_count" => "One number, 0 or more.",
        "_lastUpdated" => $"A date or time with a prefix of eq, ne, gt, lt, ge, le, sa, eb or none; at most {MaxDates} of them.",
        CursorName => "Only as a next link has it.",
        _ => $"Something, and at most {MaxValues} values.",
    };
}
