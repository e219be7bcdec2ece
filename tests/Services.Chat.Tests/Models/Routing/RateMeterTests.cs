using AiPlatform.Services.Chat.Models.Routing;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Models.Routing;

public sealed class RateMeterTests
{
    [Fact]
    public void Take_MoreThanThereIs_IsOwedBeforeTheNextCall()
    {
        var time = new TestTimeProvider();
        var meter = new RateMeter(time);

        // 60 a minute are 10 at once, then one a second.
        meter.Take(12, 60);
        var owed = meter.UntilFree(60);
        time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.Zero), (owed, meter.UntilFree(60)));
    }
}
