using AiPlatform.ServiceDefaults.Writes;

namespace AiPlatform.Services.Api.ClinicalSessions.Search;

/// <summary>A search that can be made.</summary>
/// <param name="SessionIds">Where to look; null for the newest transcripts that the rest of it allows.</param>
internal sealed record SemanticSearch(
    string Query, IReadOnlyList<Guid>? SessionIds, Guid? ClientId, DateTimeOffset? From, DateTimeOffset? Before, int Limit, double Threshold)
{
    private const int MaxSessions = 50;
    private const int DefaultLimit = 20;
    private const double DefaultThreshold = 0.7;

    /// <exception cref="ServiceDefaults.Errors.DomainException">The request has faults; all are told.</exception>
    public static SemanticSearch Read(SemanticSearchRequest request)
    {
        var faults = new Faults("session.search_invalid");
        var query = faults.Text("query", request.Query, 500);
        var ids = ReadIds(request, faults);
        var from = ReadDate(request.DateFrom, "dateFrom", faults)?.Start;
        var before = ReadDate(request.DateTo, "dateTo", faults)?.End;
        var limit = faults.Number("limit", request.Limit ?? DefaultLimit, 1, 100);
        if (request.SimilarityThreshold is < 0 or > 1)
        {
            faults.Add("similarityThreshold", "number.out_of_range", "A number from 0 to 1 is needed.");
        }

        faults.Throw();
        return new(query, ids, request.ClientId, from, before, limit, request.SimilarityThreshold ?? DefaultThreshold);
    }

    private static IReadOnlyList<Guid>? ReadIds(SemanticSearchRequest request, Faults faults)
    {
        if (request is { SessionIds: not null, TranscriptIds: not null })
        {
            faults.Add("transcriptIds", "session.ids_twice", "The sessions are given once: by sessionIds or by transcriptIds.");
        }

        var (field, given) = request.TranscriptIds is null ? ("sessionIds", request.SessionIds) : ("transcriptIds", request.TranscriptIds);
        if (given is null)
        {
            return null;
        }

        if (given.Count is 0 or > MaxSessions)
        {
            faults.Add(field, "list.length", $"1 to {MaxSessions} sessions are needed.");
        }

        if (request is not { ClientId: null, DateFrom: null, DateTo: null })
        {
            faults.Add(field, "session.ids_and_filter", "Sessions are named by their ids, or looked for by client and time.");
        }

        return [.. given.Distinct()];
    }

    private static SearchDate? ReadDate(string? text, string field, Faults faults)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (SearchDate.TryParse(text, out var date))
        {
            return date;
        }

        faults.Add(field, "session.date_invalid", "A date is 2026-11-20 or an ISO 8601 time.");
        return null;
    }
}
