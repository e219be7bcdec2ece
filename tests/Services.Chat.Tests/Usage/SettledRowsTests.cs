using System.Text;
using AiPlatform.Services.Chat.Usage.Records;

namespace AiPlatform.Services.Chat.Tests.Usage;

public sealed class SettledRowsTests
{
    private static readonly Guid Practice = Guid.Parse("0193a1c2-0000-7000-8000-000000000001");
    private static readonly Guid User = Guid.Parse("0193a1c2-0000-7000-8000-000000000002");

    private static readonly SettledCall Call = new(
        "req_1", Practice, User, null, null, null, "gpt-4o", "openai", "o'brien \\ \"ost\"", "chat", true, "complete", null,
        24, 0, 9, 3, false, 0.000000123m, new(2026, 11, 28, 14, 5, 6, 789, TimeSpan.FromHours(1)), 12, null, 1);

    // Of the texts there is nothing left that a statement could take for its own.
    [Fact]
    public void Add_TwoCalls_AreNumbersAsTheyAreAndTextsInHexadecimal()
    {
        var rows = new SettledRows();

        rows.Add(Call);
        rows.Add(Call with { RequestId = "req_2", Persona = "Zoë", FirstTokenMs = 5 });

        var (practice, user) = (Hex("0193a1c2-0000-7000-8000-000000000001"), Hex("0193a1c2-0000-7000-8000-000000000002"));
        Assert.Equal(
            $"""
            (_utf8mb4 x'7265715f31', {practice}, {user}, null, null, null,
            _utf8mb4 x'6770742d346f', _utf8mb4 x'6f70656e6169', _utf8mb4 x'6f27627269656e205c20226f737422', _utf8mb4 x'63686174', 1, _utf8mb4 x'636f6d706c657465', null,
            24, 0, 9, 3, 0, 0.000000123,
            '2026-11-28 13:05:06.789000', 12, null, 1),
            (_utf8mb4 x'7265715f32', {practice}, {user}, _utf8mb4 x'5a6fc3ab', null, null,
            _utf8mb4 x'6770742d346f', _utf8mb4 x'6f70656e6169', _utf8mb4 x'6f27627269656e205c20226f737422', _utf8mb4 x'63686174', 1, _utf8mb4 x'636f6d706c657465', null,
            24, 0, 9, 3, 0, 0.000000123,
            '2026-11-28 13:05:06.789000', 12, 5, 1)
            """,
            rows.Values);

        static string Hex(string ascii) => $"_utf8mb4 x'{Convert.ToHexStringLower(Encoding.ASCII.GetBytes(ascii))}'";
    }
}
