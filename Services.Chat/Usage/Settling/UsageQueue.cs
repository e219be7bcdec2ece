using System.Threading.Channels;
using AiPlatform.Services.Chat.Usage.Records;

namespace AiPlatform.Services.Chat.Usage.Settling;

/// <summary>Settled calls on their way to Redis. It takes every one: who lets calls in looks first whether there is room for what they come to.</summary>
internal sealed class UsageQueue
{
    private readonly Channel<SettledCall> _calls = Channel.CreateUnbounded<SettledCall>(new() { SingleReader = true });
    private int _count;

    /// <summary>Those that Redis has not acknowledged, the ones just on their way included.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Add(SettledCall call)
    {
        Interlocked.Increment(ref _count);
        _calls.Writer.TryWrite(call);
    }

    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _calls.Reader.WaitToReadAsync(cancellationToken);

    public List<SettledCall> Take(int most)
    {
        var taken = new List<SettledCall>();

        while (taken.Count < most && _calls.Reader.TryRead(out var call))
        {
            taken.Add(call);
        }

        return taken;
    }

    public void Done(int count) => Interlocked.Add(ref _count, -count);
}
