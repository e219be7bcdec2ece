using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Tests.Audit;

public sealed class AuditRetentionTests(AuditRetentionTests.AgeingFactory factory) : IClassFixture<AuditRetentionTests.AgeingFactory>
{
    private readonly Guid _practiceId = Guid.CreateVersion7();

    [Fact]
    public async Task Remove_RowsPastTheirTime_GoneAndTheChainStillVerifies()
    {
        await AppendAsync(3);
        factory.Age(TimeSpan.FromDays(20));
        await AppendAsync(2);
        factory.Age(TimeSpan.FromDays(20));

        await RemoveAsync();

        // Rows 4 and 5, and row 6 that says what was removed.
        Assert.Equal((true, 3, 4, 6), await VerifyAsync());
        Assert.Equal("3", await factory.ReadAsync<string>(
            "select record_id from audit_events where practice_id = @_practiceId and action = 'audit.rows_removed'", new { _practiceId }));
    }

    [Fact]
    public async Task Remove_AgainAndAgainAlsoAtOnce_ChainGoesOn()
    {
        await AppendAsync(3);
        factory.Age(TimeSpan.FromDays(31));
        await Task.WhenAll(RemoveAsync(), RemoveAsync(), RemoveAsync());
        Assert.Equal((true, 1, 4, 4), await VerifyAsync());
        await AppendAsync(2);
        factory.Age(TimeSpan.FromDays(31));

        await RemoveAsync();
        await RemoveAsync();

        Assert.Equal((true, 1, 7, 7), await VerifyAsync());
    }

    [Fact]
    public async Task Verify_AfterRemovalAnotherRowDeleted_Found()
    {
        await AppendAsync(3);
        factory.Age(TimeSpan.FromDays(31));
        await AppendAsync(2);
        await RemoveAsync();

        // Somebody who knows the tables takes one row more and moves the anchor to it.
        await factory.ExecuteAsync(
            """
            update audit_anchors a join audit_events e on e.practice_id = a.practice_id and e.sequence_number = 4
            set a.sequence_number = 4, a.hash = e.hash where a.practice_id = @_practiceId;
            delete from audit_events where practice_id = @_practiceId and sequence_number = 4;
            """,
            new { _practiceId });

        using var owner = await factory.CreateCallerAsync(UserRole.Owner, _practiceId);
        Assert.Equal(
            """{"sequenceNumber":4,"reason":"missing"}""", (await owner.GetJsonAsync("/api/v1/audit/verify")).GetProperty("firstBroken").GetRawText());
    }

    [Theory]
    [InlineData("Audit:RetentionDays", "29")]
    [InlineData("Audit:RetentionDays", "36501")]
    [InlineData("Audit:QueueLength", "0")]
    public void Start_SettingOutOfRange_Refused(string name, string value)
    {
        // What the start of the service asks first; a service that ends at its start takes its own failure with it at times.
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new(name, value)]).Build())
            .AddAudit()
            .BuildServiceProvider();

        Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
    }

    private Task<AuditAppended> AppendAsync(int count) => factory.Services.GetRequiredService<IAuditStore>().AppendAsync(
        _practiceId,
        [.. Enumerable.Range(0, count).Select(_ => new AuditEntry(
            Guid.CreateVersion7(), DateTimeOffset.UtcNow, null, "service", "client.read", "client", "r", AuditOutcomes.Success, "c"))],
        CancellationToken.None);

    private Task RemoveAsync() => factory.Services.GetRequiredService<AuditRetention>().RemoveAsync(CancellationToken.None);

    private async Task<(bool Intact, long Rows, long First, long Last)> VerifyAsync()
    {
        using var owner = await factory.CreateCallerAsync(UserRole.Owner, _practiceId);
        var answer = await owner.GetJsonAsync("/api/v1/audit/verify");
        return (
            answer.GetProperty("intact").GetBoolean(), answer.GetProperty("rows").GetInt64(), answer.GetProperty("firstSequenceNumber").GetInt64(),
            answer.GetProperty("lastSequenceNumber").GetInt64());
    }

    public sealed class AgeingFactory : ApiFactory
    {
        private readonly ShiftedTime _time = new();

        protected override TimeProvider Time => _time;

        protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["Audit:RetentionDays"] = "30" };

        public void Age(TimeSpan by) => _time.Shift += by;
    }
}
