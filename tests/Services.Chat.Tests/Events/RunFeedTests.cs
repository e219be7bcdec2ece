using AiPlatform.Services.Chat.Events;

namespace AiPlatform.Services.Chat.Tests.Events;

public sealed class RunFeedTests
{
    private const string Epoch = "e1";

    private readonly RunFeed _feed = new();

    [Fact]
    public void ReadTail_FramesOfThisReplica_AreThoseAfterTheSeq()
    {
        _feed.AttachWriter(new(Epoch, 0));
        Append(1, 2, 3);

        Assert.Equal([2, 3], Read(1));
        Assert.Equal([], Read(3));
    }

    [Fact]
    public void ReadTail_WriterTookOverInTheMiddle_SendsTheReaderOfEarlierFramesToTheLog()
    {
        _feed.AttachWriter(new(Epoch, 4));

        Assert.Null(_feed.ReadTail(new(Epoch, 2)));
        Assert.Equal([], Read(4));

        Append(5, 6);

        Assert.Null(_feed.ReadTail(new(Epoch, 2)));
        Assert.Equal([5, 6], Read(4));
    }

    [Fact]
    public void ReadTail_WriterGone_SendsTheReaderAtTheHeadToTheLog()
    {
        _feed.AttachWriter(new(Epoch, 0));
        Append(1, 2);
        _feed.DetachWriter();

        Assert.Equal([2], Read(1));
        Assert.Null(_feed.ReadTail(new(Epoch, 2)));
    }

    [Fact]
    public void StartEpoch_ReaderOfTheOldOne_GoesOnWithTheSnapshot()
    {
        _feed.AttachWriter(new(Epoch, 0));
        Append(1, 2, 3);
        _feed.StartEpoch(new("e2", 1, LoggedFrame.SnapshotType, "{}"u8.ToArray()), keepsAll: true);

        var place = _feed.Locate(new(Epoch, 2));

        Assert.Equal(new("e2", 0), place);
        Assert.Equal([LoggedFrame.SnapshotType], _feed.ReadTail(place)!.Select(frame => frame.Type));
    }

    [Fact]
    public void Append_ToAnEpochThatIsNowhereElse_ForgetsNothingUntilItMay()
    {
        _feed.AttachWriter(new(Epoch, 0));
        _feed.StartEpoch(new(Epoch, 1, LoggedFrame.SnapshotType, "{}"u8.ToArray()), keepsAll: true);
        Append([.. Enumerable.Range(2, 2000).Select(seq => (long)seq)]);

        Assert.Equal(2001, _feed.ReadTail(new(Epoch, 0))!.Count);

        _feed.MayForget();

        Assert.Null(_feed.ReadTail(new(Epoch, 0)));
        Assert.Equal([2001], Read(2000));
    }

    [Fact]
    public async Task Wait_AfterAChangeThatWasNotRead_ReturnsAtOnce()
    {
        var version = _feed.Version;
        _feed.Hint();

        await _feed.WaitAsync(version, Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));
    }

    private IEnumerable<long> Read(long after) => _feed.ReadTail(new(Epoch, after))!.Select(frame => frame.Seq);

    private void Append(params long[] seqs)
    {
        foreach (var seq in seqs)
        {
            _feed.Append(new(Epoch, seq, "text_chunk", "{}"u8.ToArray()));
        }
    }
}
