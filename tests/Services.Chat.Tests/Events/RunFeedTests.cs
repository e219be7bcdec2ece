using AiPlatform.Services.Chat.Events;

namespace AiPlatform.Services.Chat.Tests.Events;

public sealed class RunFeedTests
{
    private readonly RunFeed _feed = new();

    [Fact]
    public void ReadTail_FramesOfThisReplica_AreThoseAfterTheSeq()
    {
        _feed.AttachWriter();
        Append(1, 2, 3);

        var frames = _feed.ReadTail(1);

        Assert.Equal([2, 3], frames!.Select(frame => frame.Seq));
    }

    [Fact]
    public void ReadTail_AnotherReplicaWroteInBetween_SendsTheReaderToTheLog()
    {
        Append(1, 2);
        Append(5, 6);

        Assert.Null(_feed.ReadTail(2));
        Assert.Equal([5, 6], _feed.ReadTail(4)!.Select(frame => frame.Seq));
    }

    private void Append(params long[] seqs)
    {
        foreach (var seq in seqs)
        {
            _feed.Append(new(seq, "text_chunk", "{}"u8.ToArray()));
        }
    }
}
