#if !ASPIRE_PACKAGES
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;

namespace AiPlatform.ServiceDefaults.Tests.Data;

public sealed class WorkItemTests
{
    [Fact]
    public async Task Abandon_WhileTheCancellationIsUnderWay_StillEndsTheTask()
    {
        using var cancellation = new CancellationTokenSource();
        var item = new WorkItem<int>((_, _) => Task.FromResult(1), cancellation.Token);

        // Registered last and so called first: the work thread sees the cancellation before the item's own callback ran.
        using var registration = cancellation.Token.Register(item.Abandon);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => item.Task.WaitAsync(Eventually.Timeout));
    }
}
#endif
