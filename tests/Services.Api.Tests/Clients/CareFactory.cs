using System.Net.Http.Headers;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Identity;
using AiPlatform.Services.Api.Tests.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.Clients;

/// <summary>The sample practices on the first of December 2026 at noon, and practitioners who treat whom a test wants them to.</summary>
public sealed class CareFactory : ApiFactory
{
    public static readonly DateOnly Today = new(2026, 12, 1);

    protected override TimeProvider Time { get; } = new StillTime(new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>A practitioner whom nobody else's test knows.</summary>
    /// <param name="profileId">Null for a token that names none.</param>
    public async Task<HttpClient> CreatePractitionerAsync(Guid? profileId, Guid? practiceId = null)
    {
        var user = new User(
            Guid.CreateVersion7(), practiceId ?? PracticeA, "x@practice.example", UserRole.Practitioner, "X", profileId, ClientId: null, CustomerId: null);
        var token = await Services.GetRequiredService<TokenIssuer>().IssueAccessTokenAsync(user, Guid.CreateVersion7(), CancellationToken.None);
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        return client;
    }

    /// <param name="started">In days from today.</param>
    /// <param name="ended">In days from today; null for no end.</param>
    public Task TreatAsync(Guid practitionerId, Guid clientId, int started = -30, int? ended = null, Guid? practiceId = null) => this.ExecuteAsync(
        """
        insert into care_relations (id, practice_id, client_id, practitioner_id, kind, started_on, ended_on, created_at, version)
        values (@id, @practiceId, @clientId, @practitionerId, 'joint', @started, @ended, utc_timestamp(6), 1)
        """,
        new
        {
            id = Guid.CreateVersion7(),
            practiceId = practiceId ?? PracticeA,
            clientId,
            practitionerId,
            started = Today.AddDays(started),
            ended = ended is { } days ? Today.AddDays(days) : (DateOnly?)null,
        });

    internal sealed class StillTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
