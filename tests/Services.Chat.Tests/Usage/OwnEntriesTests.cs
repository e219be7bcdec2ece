using AiPlatform.Services.Chat.Usage.Records;
using AiPlatform.Services.Chat.Usage.Settling;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Usage;

public sealed class OwnEntriesTests
{
    private static readonly SettledCall Call = new(
        "a", Guid.Empty, Guid.Empty, null, null, null, "m", null, null, "chat", false, "complete", null, 0, 0, 0, 0, false, 0, default, 0, null, 1);

    private readonly TestTimeProvider _time = new();
    private readonly OwnEntries _entries;

    public OwnEntriesTests() => _entries = new(_time);

    [Fact]
    public void Keep_UntilFull_HasNoRoomBeforeSomethingIsTaken()
    {
        _entries.Keep("1", Many(19_999));
        Assert.True(_entries.HasRoom());
        _entries.Keep("2", Many(1));
        Assert.False(_entries.HasRoom());

        _entries.Take("2");

        Assert.True(_entries.HasRoom());
    }

    // Another replica has written them, and nobody says so.
    [Fact]
    public void Full_OfWhatNobodyTook_HasRoomAgainAfterSeconds()
    {
        _entries.Keep("1", Many(20_000));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(_entries.HasRoom());

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(_entries.HasRoom());
        Assert.Null(_entries.Take("1"));
    }

    private static SettledCall[] Many(int count) => [.. Enumerable.Repeat(Call, count)];
}
