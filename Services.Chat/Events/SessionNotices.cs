using System.Collections.Immutable;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Sessions;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Events;

/// <summary>
/// One channel per chat session, over all replicas: a run started, a frame was appended, a cancel was asked. Listeners of
/// the sender's own replica hear it directly and perhaps a second time through Redis; every listener must bear that.
/// </summary>
internal sealed partial class SessionNotices(RedisClient redis, RunFeeds feeds, ILogger<SessionNotices> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ChatSessionKey, Entry> _entries = [];

    public static string Channel(ChatSessionKey session) =>
        $"chat:{session.PracticeId}:session:{session.UserId}:{session.SessionId}:notices";

    /// <summary>Without Redis the listener still hears this replica.</summary>
    public async Task<IAsyncDisposable> ListenAsync(ChatSessionKey session, Action<SessionNotice> listener, CancellationToken cancellationToken)
    {
        Entry entry;
        lock (_gate)
        {
            if (!_entries.TryGetValue(session, out entry!))
            {
                entry = new();
                _entries.Add(session, entry);
                entry.Subscription = SubscribeAsync(session, entry);
            }

            entry.Listeners = entry.Listeners.Add(listener);
        }

        var listening = new Listening(this, session, entry, listener);
        try
        {
            await entry.Subscription.WaitAsync(cancellationToken);
            return listening;
        }
        catch
        {
            await listening.DisposeAsync();
            throw;
        }
    }

    public void DeliverHere(ChatSessionKey session, SessionNotice notice)
    {
        Entry? entry;
        lock (_gate)
        {
            _entries.TryGetValue(session, out entry);
        }

        entry?.Deliver(notice);
    }

    /// <summary>Tells every replica. Failing to is not an error: the log holds what the notice is about.</summary>
    public async Task PublishAsync(ChatSessionKey session, SessionNotice notice, CancellationToken cancellationToken)
    {
        DeliverHere(session, notice);
        try
        {
            var channel = new RedisChannel(Channel(session), RedisChannel.PatternMode.Literal);
            await redis.RunAsync("PUBLISH notice", database => database.PublishAsync(channel, notice.ToString()), cancellationToken);
        }
        catch (RedisUnavailableException exception)
        {
            LogNotPublished(exception, notice.Kind);
        }
    }

    /// <summary>Subscribes to the channels of listeners that came while Redis was away.</summary>
    public async Task SubscribeMissingAsync()
    {
        List<(ChatSessionKey Session, Entry Entry)> missing;
        lock (_gate)
        {
            missing = [.. _entries.Where(pair => pair.Value.Subscription is { IsCompletedSuccessfully: true, Result: null }).Select(pair => (pair.Key, pair.Value))];
            missing.ForEach(one => one.Entry.Subscription = SubscribeAsync(one.Session, one.Entry));
        }

        await Task.WhenAll(missing.Select(one => one.Entry.Subscription));
    }

    private async Task<IAsyncDisposable?> SubscribeAsync(ChatSessionKey session, Entry entry)
    {
        try
        {
            return await redis.SubscribeAsync(
                Channel(session),
                message =>
                {
                    if (SessionNotice.Parse(message.ToString()) is { } notice)
                    {
                        feeds.Hint(notice);
                        entry.Deliver(notice);
                    }
                },
                CancellationToken.None);
        }
        catch (RedisUnavailableException exception)
        {
            LogNotSubscribed(exception);
            return null;
        }
    }

    private async ValueTask StopAsync(ChatSessionKey session, Entry entry, Action<SessionNotice> listener)
    {
        lock (_gate)
        {
            entry.Listeners = entry.Listeners.Remove(listener);
            if (!entry.Listeners.IsEmpty)
            {
                return;
            }

            _entries.Remove(session);
        }

        if (await entry.Subscription is { } subscription)
        {
            await subscription.DisposeAsync();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Could not publish a {Kind} notice.")]
    private partial void LogNotPublished(Exception exception, SessionNoticeKind kind);

    [LoggerMessage(LogLevel.Warning, "Could not listen to a session's channel; only this replica's notices are heard.")]
    private partial void LogNotSubscribed(Exception exception);

    private sealed class Entry
    {
        public ImmutableList<Action<SessionNotice>> Listeners { get; set; } = [];

        public Task<IAsyncDisposable?> Subscription { get; set; } = Task.FromResult<IAsyncDisposable?>(null);

        public void Deliver(SessionNotice notice)
        {
            foreach (var listener in Listeners)
            {
                listener(notice);
            }
        }
    }

    private sealed class Listening(SessionNotices owner, ChatSessionKey session, Entry entry, Action<SessionNotice> listener) : IAsyncDisposable
    {
        private int _stopped;

        public ValueTask DisposeAsync() =>
            Interlocked.Exchange(ref _stopped, 1) == 0 ? owner.StopAsync(session, entry, listener) : ValueTask.CompletedTask;
    }
}
