using System.Threading.Channels;
using AiPlatform.ServiceDefaults.Hosting;

namespace AiPlatform.ServiceDefaults.Tests.Hosting;

public sealed class FinishingServiceTests
{
    [Fact]
    public async Task Stop_BeforeThePoolCameToIt_StillHandlesWhatIsQueued()
    {
        using var service = new Copying();
        service.Queue.Writer.TryWrite("a");

        // As when the stop came while the start was still waiting for a thread.
        await service.StartAsync(new(canceled: true));
        await service.StopAsync(CancellationToken.None);

        Assert.Equal(["a", "ended"], service.Copied);
    }

    [Fact]
    public async Task Stop_WhileItWaits_EndsItAndAwaitsItsEnd()
    {
        using var service = new Copying();
        await service.StartAsync(CancellationToken.None);
        service.Queue.Writer.TryWrite("a");

        await service.StopAsync(CancellationToken.None);

        Assert.Equal((true, true), (service.ExecuteTask!.IsCompletedSuccessfully, service.Copied is ["a", "ended"]));
    }

    [Fact]
    public async Task Stop_ThatTakesTooLong_IsNotAwaited()
    {
        using var service = new Stubborn();
        await service.StartAsync(CancellationToken.None);

        await service.StopAsync(new(canceled: true));

        Assert.False(service.ExecuteTask!.IsCompleted);
        service.LetGo.SetResult();
        await service.ExecuteTask;
    }

    [Fact]
    public async Task Stop_NeverStarted_DoesNothing()
    {
        using var service = new Copying();

        await service.StopAsync(CancellationToken.None);

        Assert.Null(service.ExecuteTask);
    }

    private sealed class Copying : FinishingService
    {
        public Channel<string> Queue { get; } = Channel.CreateBounded<string>(2);

        public List<string> Copied { get; } = [];

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            using var end = stoppingToken.Register(() => Queue.Writer.TryComplete());

            await foreach (var one in Queue.Reader.ReadAllAsync(CancellationToken.None))
            {
                Copied.Add(one);
            }

            Copied.Add("ended");
        }
    }

    private sealed class Stubborn : FinishingService
    {
        public TaskCompletionSource LetGo { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override Task ExecuteAsync(CancellationToken stoppingToken) => LetGo.Task;
    }
}
