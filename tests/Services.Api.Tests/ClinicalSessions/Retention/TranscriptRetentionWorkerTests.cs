using System.Threading.Channels;
using AiPlatform.Services.Api.ClinicalSessions.Retention;
using AiPlatform.Services.Api.Tests.Audit;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Retention;

public sealed class TranscriptRetentionWorkerTests(RetentionFactory factory) : IClassFixture<RetentionFactory>
{
    [Fact]
    public async Task Run_ARoundThatFails_IsToldAndTheNextOneErases()
    {
        await factory.ChooseAsync(SamplePerson.OwnerA, "24h");

        // The sample's own first, so that one is due later.
        factory.Clock.Shift += TimeSpan.FromHours(25);
        await factory.EraseAsync();
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var id = await nora.ImportSessionAsync(ApiFactory.TomOkafor, "Worked", "client: Yes.");
        factory.Clock.Shift += TimeSpan.FromHours(25);
        var told = new ToldLogger();
        var time = new TestTimeProvider();
        var retention = new TranscriptRetention(factory.Services.GetRequiredService<IRetentionStore>(), factory.Clock, told);
        using var worker = new TranscriptRetentionWorker(retention, time, told);
        await worker.StartAsync(CancellationToken.None);
        await Eventually.BecomesTrueAsync(() => time.Timers == 1, "the worker waits for its time");
        await factory.ExecuteAsync("rename table transcript_retention to transcript_retention_away");

        time.Advance(TranscriptRetentionWorker.Period);
        var failed = await told.NextAsync();
        await factory.ExecuteAsync("rename table transcript_retention_away to transcript_retention");
        time.Advance(TranscriptRetentionWorker.Period);
        var erased = await told.NextAsync();
        await worker.StopAsync(CancellationToken.None);

        Assert.Equal((LogLevel.Error, "TranscriptRetentionWorker failed this time; it tries again in 00:01:00."), failed);
        Assert.Equal((LogLevel.Information, $"Erased 1 transcripts of practice {ApiFactory.PracticeA}."), erased);
        Assert.Equal((0, "worked", 0), await factory.LeftOfAsync(id));
        Assert.True(worker.ExecuteTask!.IsCompleted);
    }

    [Fact]
    public async Task Service_HasTheWorkerRunning()
    {
        await using var service = ApiFactory.On(factory.ConnectionString);

        Assert.Single(service.Services.GetServices<IHostedService>().OfType<TranscriptRetentionWorker>());
    }

    private sealed class ToldLogger : ILogger<TranscriptRetention>, ILogger<TranscriptRetentionWorker>
    {
        private readonly Channel<(LogLevel Level, string Message)> _told = Channel.CreateUnbounded<(LogLevel, string)>();

        public async Task<(LogLevel Level, string Message)> NextAsync() => await _told.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Timeout);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _told.Writer.TryWrite((logLevel, formatter(state, exception)));
    }
}
