using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.ClinicalSessions;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.Practitioners;

namespace AiPlatform.Services.Api.Clients;

/// <summary>Clients with what other features know of them: who treats them, and their sessions.</summary>
internal sealed class ClientService(
    ClientGate gate, IClientStore clients, ClientDetailService details, IClinicalSessionStore sessions, IPractitionerStore practitioners,
    AuditQueue audit, TimeProvider timeProvider)
{
    private const int RecentSessions = 5;

    public async Task<ClientListResponse> ListAsync(CurrentUser user, ClientFilter filter, CancellationToken cancellationToken)
    {
        // One more than asked for tells whether there is a next page.
        var scope = await gate.ScopeOfAsync(user, cancellationToken);
        var found = await clients.ListAsync(user.PracticeId, scope, filter with { Limit = filter.Limit + 1 }, cancellationToken);
        var (page, next) = filter.Order is ClientOrder.NewestFirst
            ? TimeCursor.Page(found, filter.Limit, client => new(new(client.StartedAt, TimeOnly.MinValue, TimeSpan.Zero), client.Id))
            : NameCursor.Page(found, filter.Limit, client => new(NameFolding.Fold(client.Name), client.Id));
        return new(await DescribeAsync(user.PracticeId, page, cancellationToken), next);
    }

    /// <param name="detail">Null for what identifies a client only.</param>
    public async Task<ClientSearchResponse> SearchAsync(
        CurrentUser user, string query, int limit, ClientDetail? detail, CancellationToken cancellationToken)
    {
        var scope = await gate.ScopeOfAsync(user, cancellationToken);
        var (found, total) = await clients.SearchAsync(user.PracticeId, scope, query, limit, cancellationToken);
        var described = await DescribeAsync(user.PracticeId, found, cancellationToken);
        IReadOnlyList<ClientMatchResponse> matches = [.. described.Select(client => new ClientMatchResponse(
            client.Id, client.Name, client.Status, client.Pronouns, client.DateOfBirth,
            client.PractitionerId, client.PractitionerName, client.SessionCount, client.LastSessionAt))];
        return new(detail is null ? matches : await details.AddAsync(user, found, matches, detail, cancellationToken), total);
    }

    public async Task<(ClientRecordResponse Client, int Version)> GetAsync(CurrentUser user, Guid id, CancellationToken cancellationToken)
    {
        var client = await FindAsync(user, id, AuditActions.ClientRead, cancellationToken);
        return (await DescribeAsync(user, client, cancellationToken), client.Version);
    }

    public async Task<ClientRecordResponse> DescribeAsync(CurrentUser user, Client client, CancellationToken cancellationToken)
    {
        var names = await practitioners.FindNamesAsync(user.PracticeId, [client.PractitionerId], cancellationToken);
        var counted = (await sessions.CountAsync(user.PracticeId, [client.Id], cancellationToken)).GetValueOrDefault(client.Id);
        return new(
            client.Id, client.Name, client.Status, client.Pronouns, client.DateOfBirth, client.Email, client.Phone, client.StartedAt,
            client.PractitionerId, names.GetValueOrDefault(client.PractitionerId), counted?.Count ?? 0, counted?.LastStartedAt,
            client.PresentingConcerns, client.Goals, user.ReadsNotes() ? client.Notes : null);
    }

    public async Task<ClientSummaryResponse> SummariseAsync(
        CurrentUser user, Guid id, bool includeRecentSessions, CancellationToken cancellationToken)
    {
        var client = await FindAsync(user, id, AuditActions.ClientSummaryRead, cancellationToken);
        var names = await practitioners.FindNamesAsync(user.PracticeId, [client.PractitionerId], cancellationToken);
        var held = new SessionFilter { Scope = ClientScope.Only(id), Status = SessionStatus.Held, Limit = RecentSessions };
        var (recent, count) = await sessions.SearchAsync(user.PracticeId, held, cancellationToken);
        var shown = includeRecentSessions ? recent.Select(found => found.Session) : [];
        return new(
            client.Id, client.Name, client.Status, client.Pronouns, client.StartedAt,
            new(client.PractitionerId, names.GetValueOrDefault(client.PractitionerId)),
            client.PresentingConcerns,
            client.Goals,
            user.ReadsNotes() ? client.Notes : null,
            count,
            [.. shown.Select(session => new RecentSessionResponse(
                session.Id, session.Title, session.StartedAt, session.DurationSeconds, session.TotalSegments, session.HasTranscript))]);
    }

    private async Task<Client> FindAsync(CurrentUser user, Guid id, string action, CancellationToken cancellationToken)
    {
        var client = await gate.FindAsync(user, id, cancellationToken);
        var outcome = client is null ? AuditOutcomes.Refused : AuditOutcomes.Success;
        var entry = AuditEntry.By(user, action, AuditRecords.Client, id, timeProvider.GetUtcNow(), outcome);
        await audit.RecordAsync(user.PracticeId, entry, cancellationToken);
        return client ?? throw ClientAccess.NotFound();
    }

    private async Task<IReadOnlyList<ClientResponse>> DescribeAsync(
        Guid practiceId, IReadOnlyList<ListedClient> found, CancellationToken cancellationToken)
    {
        var counts = await sessions.CountAsync(practiceId, [.. found.Select(client => client.Id)], cancellationToken);
        return [.. found.Select(client => new ClientResponse(
            client.Id, client.Name, client.Status, client.Pronouns, client.DateOfBirth, client.Email, client.Phone, client.StartedAt,
            client.PractitionerId, client.PractitionerName,
            counts.GetValueOrDefault(client.Id)?.Count ?? 0, counts.GetValueOrDefault(client.Id)?.LastStartedAt))];
    }
}
