using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Identity;
using AiPlatform.Services.Api.Tests.OpenApi;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.Contract;

/// <summary>No code stands in the document that no request gets. The other direction, ContractGuard has in every test.</summary>
public sealed class DocumentedCodesTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    // Of the routing and the server, which no endpoint of its own answers, and what has tests of its own with an arrangement of its own
    // (a record in another state, a full list, ten megabytes, FHIR's strict handling).
    private static readonly string[] ShownElsewhere =
    [
        "404 resource.not_found", "409", "410", "413 session.import_too_large", "413 session.search_too_large", "413 session.too_many_segments", "415 request.unsupported_media_type", "422", "429",
        "500", "503", "400 fhir.parameter_unknown",

        // Of who asks about whom: ClientRecordTests.
        "CreateClient 403 client.notes_forbidden", "CreateClient 404 client.not_found",
        "ChangeClient 403 client.notes_forbidden", "ChangeClient 403 client.practitioner_forbidden",

        // Shown for a query too; within a body no spoiled value goes as deep: ReportTests.
        "CreateReport 400 date_range.invalid",

        // Single values are spoiled here, and this one takes a list in its query: ActiveUserTests.
        "ListActiveUsers 400 request.invalid", "ListActiveUsers 400 request.malformed",
    ];

    [Fact]
    public async Task EveryDocumentedCode_OfAccessAndInput_IsAnsweredToSomebody()
    {
        var document = await ApiDocument.ReadAsync(factory.CreateClient());
        foreach (var valid in ValidRequest.Of(document))
        {
            using var asker = await factory.CreateAskerAsync(valid.Row);
            foreach (var bad in BadRequests.Of(valid))
            {
                using var response = await asker.SendAsync(bad.Request.ToRequest());
            }

            using var nobodys = await asker.SendAsync(valid.Row.ToRequest($"{Guid.CreateVersion7()}"));
            foreach (var profile in new[] { "not-an-id", $"{Guid.CreateVersion7()}" })
            {
                var request = valid.Row.ToRequest(valid.Row.Thing);
                request.Headers.Add(ProfileHeader.Name, profile);
                using var response = await asker.SendAsync(request);
            }
        }

        foreach (var caller in await CreateCallersAsync())
        {
            foreach (var row in IsolationTests.Table)
            {
                using var response = await caller.SendAsync(row.ToRequest(row.Thing));
            }
        }

        var answered = factory.Services.GetRequiredService<AnsweredProblems>().Seen.Keys.Select(seen => $"{seen.Operation} {seen.Status} {seen.Code}").ToHashSet();
        var walked = IsolationTests.Table.Select(row => document.OperationOf(row.Method, row.Pattern)).DistinctBy(operation => operation.Id);
        var neverSeen =
            from operation in walked
            from status in operation.Responses.Select(response => response.Status).Where(status => status[0] is '4' or '5')
            from code in operation.CodesOf(status)
            where !((string[])[status, $"{status} {code}", $"{operation.Id} {status} {code}"]).Any(ShownElsewhere.Contains)
                && !answered.Contains($"{operation.Id} {status} {code}")
            select $"{operation.Id} documents {status} {code}, and nobody got it: take it out, or give the table a row that shows it.";
        Assert.True(!neverSeen.Any(), string.Join('\n', neverSeen));
    }

    private async Task<IReadOnlyList<HttpClient>> CreateCallersAsync()
    {
        List<HttpClient> callers =
        [
            factory.CreateClient(),
            await factory.CreateWalkerAsync(UserRole.Owner, ApiFactory.PracticeA, age: TimeSpan.FromHours(1)),
            await factory.CreateOtherPractitionerAsync(),
            await factory.CreateOtherClientAsync(),
            await factory.CreateWalkerAsync(UserRole.Client, ApiFactory.PracticeA, clientId: Guid.CreateVersion7()),

            // Of a practice that is gone.
            await factory.CreateWalkerAsync(UserRole.Owner, Guid.CreateVersion7()),
        ];
        foreach (var role in Enum.GetValues<UserRole>())
        {
            callers.Add(await factory.CreateWalkerAsync(role, ApiFactory.PracticeB, clientId: ApiFactory.TomBeaumont));
            callers.Add(await factory.CreateWalkerAsync(role, ApiFactory.PracticeA, clientId: ApiFactory.TomOkafor));
        }

        return callers;
    }
}
