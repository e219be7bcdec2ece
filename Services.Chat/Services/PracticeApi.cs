using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;

namespace AiPlatform.Services.Chat.Services;

/// <summary>Services.Api as the tools need it. What the caller may see is decided there, from the token.</summary>
internal sealed class PracticeApi(HttpClient http)
{
    public Task<ServiceReply<PracticeClientList>> SearchClientsAsync(
        ServiceCall call, string query, int limit, CancellationToken cancellationToken)
    {
        var parameters = new QueryBuilder { { "query", query }, { "limit", Text(limit) } };
        return http.SendAsync(Get($"/api/v1/clients/search{parameters}"), call, ServiceJsonContext.Default.PracticeClientList, cancellationToken);
    }

    public Task<ServiceReply<PracticeClientSummary>> GetClientSummaryAsync(
        ServiceCall call, Guid clientId, bool includeRecentSessions, CancellationToken cancellationToken) =>
        http.SendAsync(
            Get($"/api/v1/clients/{clientId}/summary?includeRecentSessions={Text(includeRecentSessions)}"),
            call, ServiceJsonContext.Default.PracticeClientSummary, cancellationToken);

    public Task<ServiceReply<PracticeSessionList>> SearchSessionsAsync(
        ServiceCall call, PracticeSessionFilter filter, CancellationToken cancellationToken)
    {
        var parameters = new QueryBuilder();
        Add(parameters, "clientName", filter.ClientName);
        Add(parameters, "clientId", filter.ClientId?.ToString());
        Add(parameters, "dateFrom", filter.DateFrom?.ToString("O", CultureInfo.InvariantCulture));
        Add(parameters, "dateTo", filter.DateTo?.ToString("O", CultureInfo.InvariantCulture));
        Add(parameters, "keywords", filter.Keywords);
        Add(parameters, "limit", Text(filter.Limit));
        return http.SendAsync(Get($"/api/v1/sessions/search{parameters}"), call, ServiceJsonContext.Default.PracticeSessionList, cancellationToken);
    }

    public Task<ServiceReply<PracticeSession>> GetSessionAsync(
        ServiceCall call, Guid sessionId, bool includeSegments, CancellationToken cancellationToken) =>
        http.SendAsync(
            Get($"/api/v1/sessions/{sessionId}?includeSegments={Text(includeSegments)}"),
            call, ServiceJsonContext.Default.PracticeSession, cancellationToken);

    public Task<ServiceReply<TranscriptHits>> SearchTranscriptsAsync(
        ServiceCall call, SearchTranscriptsRequest search, CancellationToken cancellationToken) =>
        http.SendAsync(
            Post("/api/v1/sessions/semantic-search", JsonContent.Create(search, ServiceJsonContext.Default.SearchTranscriptsRequest)),
            call, ServiceJsonContext.Default.TranscriptHits, cancellationToken);

    public Task<ServiceReply<SessionAnalysis>> AnalyzeSessionAsync(
        ServiceCall call, Guid sessionId, AnalyzeSessionRequest analysis, CancellationToken cancellationToken) =>
        http.SendAsync(
            Post($"/api/v1/sessions/{sessionId}/analyze", JsonContent.Create(analysis, ServiceJsonContext.Default.AnalyzeSessionRequest)),
            call, ServiceJsonContext.Default.SessionAnalysis, cancellationToken);

    private static HttpRequestMessage Post(string path, HttpContent content) => new(HttpMethod.Post, path) { Content = content };

    private static HttpRequestMessage Get(string path) => new(HttpMethod.Get, path);

    private static void Add(QueryBuilder parameters, string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            parameters.Add(name, value);
        }
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(bool value) => value ? "true" : "false";
}
