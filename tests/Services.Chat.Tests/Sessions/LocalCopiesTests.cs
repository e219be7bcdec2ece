using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Sessions;

public sealed class LocalCopiesTests
{
    private static readonly ChatSessionKey Session = new(Guid.CreateVersion7(), Guid.CreateVersion7(), "s1");
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly TestTimeProvider _time = new();

    [Fact]
    public void Changes_OfOneSessionAtOnce_AreAllKept()
    {
        const int threads = 4, changes = 20_000;
        var copies = new LocalCopies<string>(10, _time);

        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            for (var change = 0; change < changes; change++)
            {
                copies.TryChange(Session, held => $"{int.Parse(held ?? "0", System.Globalization.CultureInfo.InvariantCulture) + 1}", Lifetime);
            }
        })).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());

        Assert.Equal($"{threads * changes}", copies.Find(Session));
    }

    [Fact]
    public void Keep_OfWhatRedisHad_LeavesAnUnsavedChangeUntilItIsSaved()
    {
        var copies = new LocalCopies<string>(10, _time);
        copies.TryChange(Session, _ => "changed", Lifetime);
        var unsaved = copies.FindUnsaved(Session)!;

        copies.Keep(Session, "read before", Lifetime);
        Assert.Equal(("changed", true), (copies.Find(Session), copies.FindUnsaved(Session) is not null));

        copies.Saved(Session, unsaved);
        copies.Keep(Session, "read after", Lifetime);
        Assert.Equal(("read after", false), (copies.Find(Session), copies.FindUnsaved(Session) is not null));
    }

    [Fact]
    public void Change_WhereAllRoomIsUnsaved_IsRefusedUntilOneExpires()
    {
        var copies = new LocalCopies<string>(1, _time);
        var other = Session with { SessionId = "s2" };
        copies.TryChange(Session, _ => "first", Lifetime);

        var refused = copies.TryChange(other, _ => "second", Lifetime);
        _time.Advance(Lifetime);
        var taken = copies.TryChange(other, _ => "second", Lifetime);

        Assert.Equal((null, "second", null), (refused, taken, copies.Find(Session)));
    }
}
