#if !ASPIRE_PACKAGES
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;

namespace AiPlatform.ServiceDefaults.Tests.Data;

public sealed class WorkQueueTests
{
    [Fact]
    public void Take_SeveralAdded_InTheOrderInWhichTheyCame()
    {
        var queue = new WorkQueue(3);
        WorkItem[] items = [NewItem(), NewItem(), NewItem()];
        Assert.All(items, item => Assert.True(queue.TryAdd(item)));

        WorkItem?[] taken = [queue.Take(), queue.Take(), queue.Take()];

        Assert.Equal(items, taken);
    }

    [Fact]
    public void TryAdd_Full_RefusedUntilOneIsTaken()
    {
        var queue = new WorkQueue(1);

        bool[] added = [queue.TryAdd(NewItem()), queue.TryAdd(NewItem())];
        queue.Take();

        Assert.Equal([true, false], added);
        Assert.True(queue.TryAdd(NewItem()));
    }

    [Fact]
    public void Take_Ended_WhatIsInItAndThenNothing()
    {
        var queue = new WorkQueue(2);
        var item = NewItem();
        queue.TryAdd(item);

        queue.End();

        Assert.Throws<ObjectDisposedException>(() => queue.TryAdd(NewItem()));
        Assert.Equal([item, null], (WorkItem?[])[queue.Take(), queue.Take()]);
    }

    [Fact]
    public async Task Take_ThreadsThatWait_EachGetsOneAndTheEndReachesAll()
    {
        var queue = new WorkQueue(10);
        var threads = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var count = 0;
                while (queue.Take() is not null)
                {
                    count++;
                }

                return count;
            },
            TaskCreationOptions.LongRunning)).ToList();

        for (var number = 0; number < 1_000;)
        {
            number += queue.TryAdd(NewItem()) ? 1 : 0;
        }

        queue.End();

        Assert.Equal(1_000, (await Task.WhenAll(threads).WaitAsync(Eventually.Timeout)).Sum());
    }

    private static WorkItem<int> NewItem() => new((_, _) => Task.FromResult(1), CancellationToken.None);
}
#endif
