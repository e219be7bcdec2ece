using System.Net;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Documents.Storage;
using AiPlatform.Tests.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Documents.Tests.Generation;

/// <summary>Keys when something breaks: half-done storing, dead claimants, late ones, twins, strangers.</summary>
[Collection(DocumentsFixture.Collection)]
public sealed class IdempotencyFaultTests(DocumentsFixture fixture)
{
    [Fact]
    public async Task Generate_StoringBreaksAfterTheKeyWasSettled_LeavesNeitherAndTheRepeatMakesOne()
    {
        var (practice, request) = Prepare("breaks");
        using var http = fixture.ClientOf(practice);
        await SqlAsync("create trigger break_storing before insert on document_versions for each row if new.name = 'breaks' then signal sqlstate '45000'; end if");

        using var broken = await http.GenerateAsync(request, "key");
        var afterwards = await CountAsync(practice);
        await SqlAsync("drop trigger break_storing");
        var document = await http.GenerateDocumentAsync(request, "key");
        var again = await http.GenerateDocumentAsync(request, "key");

        Assert.Equal(HttpStatusCode.InternalServerError, broken.StatusCode);
        Assert.Equal(new Counts(0, 0, 0), afterwards);
        Assert.Equal(document.ToString(), again.ToString());
        Assert.Equal(new Counts(1, 1, 1), await CountAsync(practice));
    }

    [Fact]
    public async Task Generate_WhoseClaimRanOut_IsTakenOverAndTheLateOneStoresNothing()
    {
        var (practice, request) = Prepare();
        using var http = fixture.ClientOf(practice);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource();
        var first = 1;
        fixture.Model.Respond = model =>
        {
            var reply = Drafts.QuoteFirstClientSegment(model);
            if (Interlocked.Exchange(ref first, 0) == 0)
            {
                return reply;
            }

            asked.SetResult();
            return reply with { Steps = [new ModelStep.Wait(go.Task), .. reply.Steps] };
        };

        var late = http.GenerateAsync(request, "key");
        await asked.Task.WaitAsync(Eventually.Timeout);
        await SqlAsync($"update idempotency_keys set leased_until = '2020-01-01' where practice_id = '{practice.Id}'");
        var document = await http.GenerateDocumentAsync(request, "key");
        go.SetResult();
        await (await late).AssertProblemAsync(409, "idempotency.in_progress");

        Assert.Equal(new Counts(1, 1, 1), await CountAsync(practice));
        Assert.Equal(document.ToString(), (await http.GenerateDocumentAsync(request, "key")).ToString());
    }

    [Fact]
    public async Task Generate_SameKeyAndBodyOfAnotherPractice_IsAnotherRequest()
    {
        var (practice, request) = Prepare();
        var (other, otherRequest) = Prepare();
        using var http = fixture.ClientOf(practice);
        using var stranger = fixture.ClientOf(other);

        var document = await http.GenerateDocumentAsync(request, "shared key");
        using var refused = await stranger.GenerateAsync(request, "shared key");
        var theirs = await stranger.GenerateDocumentAsync(otherRequest, "shared key");

        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.NotEqual(document.GetProperty("id").GetGuid(), theirs.GetProperty("id").GetGuid());
        Assert.Equal((1L, 1L), ((await CountAsync(practice)).Documents, (await CountAsync(other)).Documents));
    }

    [Fact]
    public async Task Claim_ByManyWhenALeaseRanOut_IsOnesAndTheFormerHolderCannotGiveItBack()
    {
        var keys = fixture.Application.Services.GetRequiredService<IIdempotencyStore>();
        var (practice, user) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var hash = new string('a', 64);
        Task<ClaimResult> ClaimAsync(TimeSpan lease) => keys.ClaimAsync(practice, user, "key", hash, lease, CancellationToken.None);
        var dead = await ClaimAsync(TimeSpan.Zero);

        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => ClaimAsync(TimeSpan.FromMinutes(1))));
        await keys.ReleaseAsync(dead.Claim!, CancellationToken.None);

        Assert.Equal((1, 11), (results.Count(result => result.State == ClaimState.Claimed), results.Count(result => result.State == ClaimState.Busy)));
        Assert.Equal(ClaimState.Busy, (await ClaimAsync(TimeSpan.FromMinutes(1))).State);
        Assert.Equal(ClaimState.Reused, (await keys.ClaimAsync(practice, user, "key", new('b', 64), TimeSpan.Zero, CancellationToken.None)).State);
        Assert.Equal(ClaimState.Claimed, (await keys.ClaimAsync(Guid.CreateVersion7(), user, "key", hash, TimeSpan.Zero, CancellationToken.None)).State);
    }

    private (TestPractice Practice, object Request) Prepare(string? name = null)
    {
        var practice = fixture.CreatePractice();
        var session = practice.AddSession(practice.AddClient("One Person"), "client: I am fine.");
        fixture.Model.Respond = Drafts.QuoteFirstClientSegment;
        return (practice, new { template = new { content = "# Note\n## Said\n" }, sessionIds = new[] { session }, documentName = name });
    }

    private Task<int> SqlAsync(string sql) => fixture.Application.Services.GetRequiredService<Database>().RunAsync(
        (connection, token) => connection.ExecuteAsync(new(sql, cancellationToken: token)), CancellationToken.None);

    private Task<Counts> CountAsync(TestPractice practice) => fixture.Application.Services.GetRequiredService<Database>().RunAsync(
        (connection, token) => connection.QuerySingleAsync<Counts>(new(
            """
            select (select count(*) from documents where practice_id = @Id) as Documents,
                (select count(*) from document_versions where practice_id = @Id) as Versions,
                (select count(*) from idempotency_keys where practice_id = @Id) as `Keys`
            """,
            new { practice.Id },
            cancellationToken: token)),
        CancellationToken.None);

    private sealed record Counts(long Documents, long Versions, long Keys);
}
