using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.Audit;

/// <summary>The chain of a practice: what breaks it, and what does not.</summary>
public sealed class AuditChainTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private readonly Guid _practiceId = Guid.CreateVersion7();

    [Fact]
    public async Task Verify_UntouchedChain_Intact()
    {
        await AppendAsync(factory, 5);

        var head = await factory.ReadAsync<string>("select hash from audit_events where practice_id = @_practiceId and sequence_number = 5", new { _practiceId });
        Assert.Equal(
            $$"""{"practiceId":"{{_practiceId}}","intact":true,"rows":5,"firstSequenceNumber":1,"lastSequenceNumber":5,"lastHash":"{{head}}","firstBroken":null}""",
            (await VerifyAsync()).GetRawText());
    }

    [Fact]
    public async Task Verify_NothingRecorded_Intact() =>
        Assert.Equal(
            $$"""{"practiceId":"{{_practiceId}}","intact":true,"rows":0,"firstSequenceNumber":null,"lastSequenceNumber":0,"lastHash":"{{new string('0', 64)}}","firstBroken":null}""",
            (await VerifyAsync()).GetRawText());

    [Theory]
    [InlineData("event_id = uuid()")]
    [InlineData("event_id = 'no id at all'")]
    [InlineData("occurred_at = occurred_at + interval 1 microsecond")]
    [InlineData("recorded_at = recorded_at - interval 1 microsecond")]
    [InlineData("user_id = uuid()")]
    [InlineData("user_id = null")]
    [InlineData("user_id = ''")]
    [InlineData("role = 'Owner'")]
    [InlineData("action = 'client.reaD'")]
    [InlineData("record_type = 'session'")]
    [InlineData("record_id = concat(record_id, ' ')")]
    [InlineData("outcome = 'refused'")]
    [InlineData("correlation_id = ''")]
    [InlineData("recorded_by = ''")]
    [InlineData("hash = repeat('0', 64)")]
    [InlineData("hash = 'no hash'")]

    // From the end of one column to the beginning of the next.
    [InlineData("action = 'client.rea', record_type = 'dclient'")]
    public async Task Verify_ColumnChanged_NamesTheRow(string change)
    {
        await AppendAsync(factory, 5);

        await factory.ExecuteAsync($"update audit_events set {change} where practice_id = @_practiceId and sequence_number = 3", new { _practiceId });

        Assert.Equal((3, "altered"), await FindBrokenAsync());
    }

    [Theory]
    [InlineData("delete from audit_events where practice_id = @_practiceId and sequence_number = 3", 3, "missing")]
    [InlineData("delete from audit_events where practice_id = @_practiceId and sequence_number = 1", 1, "missing")]
    [InlineData("delete from audit_events where practice_id = @_practiceId and sequence_number = 5", 5, "missing")]
    [InlineData("delete from audit_events where practice_id = @_practiceId", 1, "missing")]
    [InlineData("update audit_events set practice_id = uuid() where practice_id = @_practiceId and sequence_number = 2", 2, "missing")]
    [InlineData("update audit_events set sequence_number = 9 where practice_id = @_practiceId and sequence_number = 5", 5, "missing")]
    [InlineData("update audit_heads set sequence_number = 4 where practice_id = @_practiceId", 5, "added")]
    [InlineData("update audit_heads set hash = '' where practice_id = @_practiceId", 5, "altered")]
    [InlineData("delete from audit_heads where practice_id = @_practiceId", 1, "added")]
    [InlineData("insert into audit_anchors values (@_practiceId, 2, repeat('0', 64), now())", 3, "altered")]
    [InlineData(
        "insert into audit_anchors select practice_id, sequence_number, hash, now() from audit_events where practice_id = @_practiceId and sequence_number = 2", 2, "missing")]
    public async Task Verify_RowsRemovedOrEndsMoved_NamesTheRow(string change, long row, string reason)
    {
        await AppendAsync(factory, 5);

        await factory.ExecuteAsync(change, new { _practiceId });

        Assert.Equal((row, reason), await FindBrokenAsync());
    }

    [Fact]
    public async Task Verify_TwoRowsExchanged_NamesTheFirst()
    {
        await AppendAsync(factory, 5);

        await factory.ExecuteAsync(
            """
            update audit_events set sequence_number = -2 where practice_id = @_practiceId and sequence_number = 2;
            update audit_events set sequence_number = 2 where practice_id = @_practiceId and sequence_number = 4;
            update audit_events set sequence_number = 4 where practice_id = @_practiceId and sequence_number = -2;
            """,
            new { _practiceId });

        Assert.Equal((2, "altered"), await FindBrokenAsync());
    }

    [Fact]
    public async Task Verify_MoreThanAPage_WalksAll()
    {
        await AppendAsync(factory, 2_001);
        Assert.Equal((true, 2_001), (await VerifyAsync()) is var intact ? (intact.GetProperty("intact").GetBoolean(), intact.GetProperty("rows").GetInt32()) : default);

        await factory.ExecuteAsync("update audit_events set role = 'x' where practice_id = @_practiceId and sequence_number = 2001", new { _practiceId });

        Assert.Equal((2_001, "altered"), await FindBrokenAsync());
    }

    [Fact]
    public async Task List_RowWithBrokenIds_IsStillShown()
    {
        await AppendAsync(factory, 1);
        await factory.ExecuteAsync("update audit_events set user_id = 'nobody', event_id = 'none' where practice_id = @_practiceId", new { _practiceId });
        using var owner = await factory.CreateCallerAsync(UserRole.Owner, _practiceId);

        var item = (await owner.GetJsonAsync("/api/v1/audit/events")).GetProperty("items")[0];

        Assert.Equal(("nobody", "none"), (item.GetProperty("userId").GetString(), item.GetProperty("eventId").GetString()));
    }

    [Fact]
    public async Task Append_ManyWritersOnTwoReplicas_OneUnbrokenChain()
    {
        await using var replica = factory.CreateReplica();

        // From the very first row on, which two may want to begin.
        await Task.WhenAll(Enumerable.Range(0, 60).Select(index => AppendAsync(index % 2 == 0 ? factory : replica, 1 + (index % 3))));

        var answer = await VerifyAsync();
        Assert.Equal(
            (true, 120L, 120L),
            (answer.GetProperty("intact").GetBoolean(), answer.GetProperty("rows").GetInt64(), answer.GetProperty("lastSequenceNumber").GetInt64()));
    }

    [Fact]
    public async Task Append_ChangeRolledBack_LeavesNoRow()
    {
        await AppendAsync(factory, 1);
        var trail = factory.Services.GetRequiredService<AuditTrail>();
        var database = factory.Services.GetRequiredService<Database>();

        await Assert.ThrowsAsync<InvalidOperationException>(() => database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                await trail.AppendAsync(connection, transaction, _practiceId, NewEntry(), token);
                throw new InvalidOperationException("The change failed.");
            },
            CancellationToken.None));
        await AppendAsync(factory, 1);

        Assert.Equal(2, (await VerifyAsync()).GetProperty("rows").GetInt32());
        Assert.True((await VerifyAsync()).GetProperty("intact").GetBoolean());
    }

    private static AuditEntry NewEntry() => new(
        Guid.CreateVersion7(), DateTimeOffset.UtcNow, Guid.CreateVersion7(), "owner", AuditActions.ClientRead, AuditRecords.Client, $"{ApiFactory.TomOkafor}",
        AuditOutcomes.Success, "a-correlation");

    private Task<AuditAppended> AppendAsync(ApiFactory on, int count) =>
        on.Services.GetRequiredService<IAuditStore>().AppendAsync(_practiceId, [.. Enumerable.Range(0, count).Select(_ => NewEntry())], CancellationToken.None);

    private async Task<JsonElement> VerifyAsync()
    {
        using var owner = await factory.CreateCallerAsync(UserRole.Owner, _practiceId);
        return await owner.GetJsonAsync("/api/v1/audit/verify");
    }

    private async Task<(long, string?)> FindBrokenAsync()
    {
        var answer = await VerifyAsync();
        Assert.False(answer.GetProperty("intact").GetBoolean());
        var broken = answer.GetProperty("firstBroken");
        return (broken.GetProperty("sequenceNumber").GetInt64(), broken.GetProperty("reason").GetString());
    }
}
