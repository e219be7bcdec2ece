using System.Data.Common;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Audit;

namespace AiPlatform.Load.Seeding;

/// <summary>Reads of clients and transcripts in the practices' chains, half as many as there are sessions.</summary>
internal sealed class AuditSeed(AuditTrail trail) : ISeed
{
    public string Name => "audit";

    public int BatchLength => 500;

    public int CountIn(SeedPractice practice) => practice.Sessions / 2;

    public async Task<int> WriteAsync(
        DbConnection connection, DbTransaction transaction, SeedPractice practice, int first, int end, CancellationToken cancellationToken)
    {
        var entries = Enumerable.Range(first, end - first).Select(number =>
        {
            var random = practice.RandomOf(SeedKind.Audit, number);
            var at = SessionSeed.StartOf(practice, number * 2).AddMinutes(70);
            var practitioner = random.Next(practice.Practitioners);
            var client = random.Next(practice.Clients);
            return AuditEntry.By(
                practice.IdOf(SeedKind.User, 3 + practitioner), UserRole.Practitioner, AuditActions.ClientRead, AuditRecords.Client,
                practice.ClientIdOf(client), at, AuditOutcomes.Success, $"seed-{practice.Number}-{number}");
        });
        await trail.AppendAsync(connection, transaction, practice.Id, [.. entries], cancellationToken);
        return end - first;
    }
}
