using System.Threading.Channels;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Services.Chat.Transport.WebSockets;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Services.Chat.Tests.Transport;

public sealed class RunFollowerTests
{
    [Fact]
    public async Task Resume_OfARunThatIsHeardToStartMeanwhile_SendsItOnceAndFromWhereTheClientStands()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var user = new TestToken();
        await using var other = await host.ConnectAsync(user, "/ws/s1");
        var (run, next) = (await other.AskAsync("one"), await other.AskAsync("two"));

        // Where nothing is heard but what is said here.
        var session = new ChatSessionKey(user.PracticeId, user.UserId, "s2");
        var (notices, time, socket) = (host.Services.GetRequiredService<SessionNotices>(), new WatchedTime(), new HeldSocket("stream_resumed", "typing"));
        using var writer = new SocketWriter(socket, Eventually.Timeout, time);
        await using var follower = new RunFollower(writer, host.Services.GetRequiredService<RunReader>(), notices, NullLogger<RunFollower>.Instance);
        await follower.AttachAsync(session, CancellationToken.None);
        var key = new RunKey(user.PracticeId, Guid.Parse(run[0].RunId!));

        var resumed = follower.ResumeAsync(session, new(key, true, new(run[1].Epoch!, run[1].Seq!.Value), run.Count, null), null, CancellationToken.None);
        await socket.ReachedAsync("stream_resumed");
        await time.AskedAsync();

        // The start is heard and nobody follows the run: what says so has its time and waits for its turn.
        notices.DeliverHere(session, SessionNotice.Started(key.RunId));
        await time.AskedAsync();
        socket.Take("stream_resumed");
        await resumed.WaitAsync(Eventually.Timeout);
        await socket.ReachedAsync("typing");
        socket.Take("typing");

        // Its turn is when the run before is over.
        notices.DeliverHere(session, SessionNotice.Started(Guid.Parse(next[0].RunId!)));
        await Eventually.BecomesTrueAsync(() => socket.Frames.Contains(next[^1].Raw), "the next run was sent");

        Assert.Equal([.. run.Skip(2).Raws(), .. next.Raws()], socket.Frames.Where(frame => frame.Contains("\"seq\":", StringComparison.Ordinal)));
    }

    /// <summary>The machine's clock, and a word each time it is asked.</summary>
    private sealed class WatchedTime : TimeProvider
    {
        private readonly Channel<DateTimeOffset> _asked = Channel.CreateUnbounded<DateTimeOffset>();

        public Task<DateTimeOffset> AskedAsync() => _asked.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Timeout);

        public override DateTimeOffset GetUtcNow()
        {
            var now = base.GetUtcNow();
            _asked.Writer.TryWrite(now);
            return now;
        }
    }
}
