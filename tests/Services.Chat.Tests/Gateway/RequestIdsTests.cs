using System.Globalization;
using AiPlatform.Services.Chat.Gateway;

namespace AiPlatform.Services.Chat.Tests.Gateway;

public sealed class RequestIdsTests
{
    [Fact]
    public void Next_BeginsWithItsTimeAndIsNeverTheSame()
    {
        var now = new DateTimeOffset(2026, 11, 28, 12, 0, 0, 123, TimeSpan.Zero);

        var ids = Enumerable.Range(0, 1000).Select(_ => RequestIds.Next(now)).ToList();

        Assert.All(ids, id => Assert.Matches("^req_[0-9a-f]{32}$", id));
        Assert.All(ids, id => Assert.Equal(now.ToUnixTimeMilliseconds(), long.Parse(id.AsSpan(4, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }
}
