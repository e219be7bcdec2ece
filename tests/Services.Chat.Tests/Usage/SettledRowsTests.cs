using AiPlatform.Services.Chat.Usage.Records;

namespace AiPlatform.Services.Chat.Tests.Usage;

public sealed class SettledRowsTests
{
    private static readonly Guid Practice = Guid.Parse("0193a1c2-0000-7000-8000-000000000001");
    private static readonly Guid User = Guid.Parse("0193a1c2-0000-7000-8000-000000000002");

    private static readonly SettledCall Call = new(
        "req_1", Practice, User, null, null, null, "gpt-4o", "openai", "o'brien \\ \"ost\"", "chat", true, "complete", null,
        24, 0, 9, 3, false, 0.000000123m, new(2026, 11, 28, 14, 5, 6, 789, TimeSpan.FromHours(1)), 12, null, 1);

    [Fact]
    public void Add_TwoCallsOfOneCaller_ShareTheirTextsAsParameters()
    {
        var rows = new SettledRows();

        rows.Add(Call);
        rows.Add(Call with { RequestId = "req_2", Persona = "chat", FirstTokenMs = 5 });

        Assert.Equal(
            """
            (@p0, @p1, @p2, null, null, null, @p3, @p4, @p5, @p6, 1, @p7, null, 24, 0, 9, 3, 0, 0.000000123, '2026-11-28 13:05:06.789000', 12, null, 1),
            (@p8, @p1, @p2, @p6, null, null, @p3, @p4, @p5, @p6, 1, @p7, null, 24, 0, 9, 3, 0, 0.000000123, '2026-11-28 13:05:06.789000', 12, 5, 1)
            """,
            rows.Values);
        Assert.Equal(
            ["req_1", $"{Practice}", $"{User}", "gpt-4o", "openai", "o'brien \\ \"ost\"", "chat", "complete", "req_2"],
            Enumerable.Range(0, 9).Select(index => rows.Parameters.Get<string>($"p{index}")));
    }
}
