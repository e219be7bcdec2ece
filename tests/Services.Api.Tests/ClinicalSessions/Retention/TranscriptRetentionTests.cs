using System.Net;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Api.ClinicalSessions.Retention;
using AiPlatform.Services.Api.Tests.Audit;
using AiPlatform.Tests.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Retention;

public sealed class TranscriptRetentionTests(RetentionFactory factory) : IClassFixture<RetentionFactory>
{
    [Theory]
    [InlineData("none", 59, 61)]
    [InlineData("24h", 23 * 60, (24 * 60) + 1)]
    [InlineData("7d", (7 * 24 * 60) - 1, (7 * 24 * 60) + 1)]
    public async Task Erase_WhenItsTimeIsOver_AndNotBefore(string transcripts, int keptMinutes, int erasedMinutes)
    {
        await factory.ChooseAsync(SamplePerson.OwnerA, transcripts);
        var id = await ImportAsync("Wallaby", "client: A marmoset.");

        factory.Clock.Shift += TimeSpan.FromMinutes(keptMinutes);
        await factory.EraseAsync();
        var before = await factory.LeftOfAsync(id);
        factory.Clock.Shift += TimeSpan.FromMinutes(erasedMinutes - keptMinutes);
        await factory.EraseAsync();

        Assert.Equal((1, "wallaby a marmoset", 0), before);
        Assert.Equal((0, "wallaby", 0), await factory.LeftOfAsync(id));
    }

    [Fact]
    public async Task Erase_OfAPracticeThatKeeps_Nothing()
    {
        await factory.ChooseAsync(SamplePerson.OwnerA, "kept");
        var id = await ImportAsync("Kept", "client: A marmoset.");

        factory.Clock.Shift += TimeSpan.FromDays(400);
        await factory.EraseAsync();

        Assert.Equal((1, "kept a marmoset", 0), await factory.LeftOfAsync(id));
    }

    [Fact]
    public async Task Erased_EveryRoute_SaysSo()
    {
        await factory.ChooseAsync(SamplePerson.OwnerA, "24h");
        var id = await ImportAsync("Numbat", "client: A capybara.", "therapist: Tell me more.");
        await factory.ExecuteAsync(
            "insert into clinical_session_embeddings (session_id, model, position, practice_id, vector) values (@id, 'm', 0, @PracticeA, x'00')",
            new { id, ApiFactory.PracticeA });
        using var early = await factory.CreateClientAsync(SamplePerson.Nora);
        var tag = (await early.GetAsync($"/api/v1/sessions/{id}")).Headers.ETag;

        factory.Clock.Shift += TimeSpan.FromHours(25);
        await factory.EraseAsync();

        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var whole = await nora.GetAsync($"/api/v1/sessions/{id}?includeSegments=true");
        var head = await nora.GetAsync($"/api/v1/sessions/{id}");
        var session = await head.ReadAsync(HttpStatusCode.OK);
        var validated = await (await nora.PostAsync("validate", $$"""{"sessions":[{"sessionId":"{{id}}","clientId":"{{ApiFactory.TomOkafor}}"}]}""")).ReadAsync(HttpStatusCode.OK);
        await whole.AssertProblemAsync(HttpStatusCode.Gone, "session.transcript_expired");
        Assert.Equal(
            ("Numbat", "expired", false, 0, 1),
            (session.GetProperty("title").GetString(), session.GetProperty("transcript").GetString(), session.GetProperty("hasTranscript").GetBoolean(),
                session.GetProperty("totalSegments").GetInt32(), session.GetProperty("durationSeconds").GetInt32()));
        Assert.False(session.TryGetProperty("speakers", out _));
        Assert.NotEqual(tag, head.Headers.ETag);
        Assert.Equal("transcript_expired", validated.GetProperty("items")[0].GetProperty("state").GetString());
        Assert.Equal((0, "numbat", 0), await factory.LeftOfAsync(id));
        Assert.Equal(0, (await nora.GetJsonAsync("/api/v1/sessions/search?keywords=capybara")).GetProperty("total").GetInt32());
        Assert.Equal(1, (await nora.GetJsonAsync("/api/v1/sessions/search?keywords=numbat")).GetProperty("total").GetInt32());
        Assert.Contains(id, await nora.ReadSessionPagesAsync($"clientId={ApiFactory.TomOkafor}&hasTranscript=false&limit=100"));
        await (await nora.ChangeAsync(id, SessionCalls.Body(status: "\"cancelled\""))).AssertProblemAsync(HttpStatusCode.Conflict, "session.was_held");
        Assert.Equal(
            "session.transcript_erased service success",
            await factory.ReadAsync<string>(
                "select concat(action, ' ', role, ' ', outcome) from audit_events where record_id = @id and action = 'session.transcript_erased' and user_id is null",
                new { id }));
    }

    [Fact]
    public async Task Erase_MoreThanABatchByTwoReplicasAtOnce_EachOnce()
    {
        await factory.ChooseAsync(SamplePerson.OwnerB, "24h");
        using var helen = await factory.CreateClientAsync(SamplePerson.Helen);
        var ids = await Task.WhenAll(Enumerable.Range(0, 45).Select(index => helen.ImportSessionAsync(ApiFactory.TomBeaumont, $"Batch {index}", "client: Yes.")));
        factory.Clock.Shift += TimeSpan.FromHours(25);
        await using var replica = factory.CreateReplica();
        var there = new TranscriptRetention(
            replica.Services.GetRequiredService<IRetentionStore>(), factory.Clock, replica.Services.GetRequiredService<Microsoft.Extensions.Logging.ILogger<TranscriptRetention>>());

        await Task.WhenAll(factory.EraseAsync(), there.EraseAsync(CancellationToken.None));
        await factory.EraseAsync();

        Assert.Equal(0, await factory.ReadAsync<int>("select count(*) from clinical_session_segments where session_id in @ids", new { ids }));
        Assert.Equal(ids.Length, await factory.ReadAsync<int>(
            "select count(*) from audit_events where action = 'session.transcript_erased' and record_id in @ids", new { ids }));
    }

    [Fact]
    public async Task Erase_WhatAnotherReplicaIsAt_IsLeftToIt()
    {
        await factory.ChooseAsync(SamplePerson.OwnerA, "24h");
        var (held, free) = (await ImportAsync("Held", "client: Yes."), await ImportAsync("Free", "client: Yes."));
        factory.Clock.Shift += TimeSpan.FromHours(25);
        var locked = new TaskCompletionSource();
        var finish = new TaskCompletionSource();
        var other = factory.Services.GetRequiredService<Database>().RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                await connection.ExecuteScalarAsync<string>(new CommandDefinition(
                    "select title from clinical_sessions where id = @held for update", new { held }, transaction, cancellationToken: token));
                locked.SetResult();
                await finish.Task;
            },
            CancellationToken.None);
        await locked.Task.WaitAsync(Eventually.Timeout);

        await factory.EraseAsync();
        var meanwhile = (await factory.LeftOfAsync(held), await factory.LeftOfAsync(free));
        finish.SetResult();
        await other;
        await factory.EraseAsync();

        Assert.Equal(((1, "held yes", 0), (0, "free", 0)), meanwhile);
        Assert.Equal((0, "held", 0), await factory.LeftOfAsync(held));
    }

    [Fact]
    public async Task Erase_ChosenOtherwiseMeanwhile_ErasesNothing()
    {
        await factory.ChooseAsync(SamplePerson.OwnerA, "7d");
        var id = await ImportAsync("Reprieved", "client: Yes.");
        var now = factory.Clock.GetUtcNow();

        var erased = await factory.Services.GetRequiredService<IRetentionStore>().EraseAsync(
            new(ApiFactory.PracticeA, "24h"), now.AddHours(1), now, 1_000, _ => throw new InvalidOperationException("Nothing is to be recorded."), CancellationToken.None);

        Assert.Empty(erased);
        Assert.Equal((1, "reprieved yes", 0), await factory.LeftOfAsync(id));
    }

    [Fact]
    public async Task Erase_OnePracticeFails_TheOtherIsErasedAndTheNextRoundCatchesUp()
    {
        await factory.ChooseAsync(SamplePerson.OwnerA, "24h");
        await factory.ChooseAsync(SamplePerson.OwnerB, "24h");
        var ofA = await ImportAsync("Failing", "client: Yes.");
        using var helen = await factory.CreateClientAsync(SamplePerson.Helen);
        var ofB = await helen.ImportSessionAsync(ApiFactory.TomBeaumont, "Passing", "client: Yes.");
        factory.Clock.Shift += TimeSpan.FromHours(25);
        await factory.ExecuteAsync(
            $"create trigger break_erasing before delete on clinical_session_words for each row if old.practice_id = '{ApiFactory.PracticeA}' then signal sqlstate '45000'; end if");

        await factory.EraseAsync();
        var afterFailure = (await factory.LeftOfAsync(ofA), await factory.LeftOfAsync(ofB));
        await factory.ExecuteAsync("drop trigger break_erasing");
        await factory.EraseAsync();

        Assert.Equal(((1, "failing yes", 0), (0, "passing", 0)), afterFailure);
        Assert.Equal((0, "failing", 0), await factory.LeftOfAsync(ofA));
    }

    private async Task<string> ImportAsync(string title, params string[] lines)
    {
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        return await nora.ImportSessionAsync(ApiFactory.TomOkafor, title, lines);
    }
}
