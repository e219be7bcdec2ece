using System.Threading.Channels;
using AiPlatform.ServiceDefaults.Hosting;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.ServiceDefaults.Tests.Hosting;

public sealed class PeriodicServiceTests
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    [Fact]
    public async Task Run_RoundsThatFail_AreFollowedByTheNext()
    {
        var time = new TestTimeProvider();
        using var service = new Rounds(time, round => round switch
        {
            1 => throw new InvalidOperationException("Broken."),
            2 => throw new TaskCanceledException("It took too long."),
            _ => Task.CompletedTask,
        });
        await service.StartAsync(CancellationToken.None);
        await Eventually.BecomesTrueAsync(() => time.Timers == 1, "the service waits for its time");

        for (var round = 1; round <= 3; round++)
        {
            time.Advance(Period);
            Assert.Equal(round, await service.NextAsync());
        }

        await service.StopAsync(CancellationToken.None);
        Assert.True(service.ExecuteTask!.IsCanceled);
    }

    [Fact]
    public async Task Stop_InTheMiddleOfARound_EndsIt()
    {
        var time = new TestTimeProvider();
        using var service = new Rounds(time, static _ => Task.Delay(Timeout.Infinite));
        await service.StartAsync(CancellationToken.None);
        await Eventually.BecomesTrueAsync(() => time.Timers == 1, "the service waits for its time");
        time.Advance(Period);
        await service.NextAsync();

        await service.StopAsync(CancellationToken.None).WaitAsync(Eventually.Timeout);

        Assert.True(service.ExecuteTask!.IsCanceled);
    }

    private sealed class Rounds(TimeProvider time, Func<int, Task> work) : PeriodicService(Period, time, NullLogger.Instance)
    {
        private readonly Channel<int> _begun = Channel.CreateUnbounded<int>();
        private int _count;

        public async Task<int> NextAsync() => await _begun.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Timeout);

        protected override async Task RunRoundAsync(CancellationToken cancellationToken)
        {
            _begun.Writer.TryWrite(++_count);
            await work(_count).WaitAsync(cancellationToken);
        }
    }
}
