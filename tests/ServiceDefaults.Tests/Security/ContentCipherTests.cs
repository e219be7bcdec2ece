using System.Text;
using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.ServiceDefaults.Tests.Security;

public sealed class ContentCipherTests
{
    [Fact]
    public void SealAndOpen_ManyThreadsAtOnce_EachGetsItsOwnBack()
    {
        const int threads = 8, rounds = 2_000;
        var cipher = new ContentCipher("a secret of the tests, long enough for it", "tests");
        var failures = 0;

        // Threads of their own, all at it for the same while: a pool might have them one after the other.
        var workers = Enumerable.Range(0, threads).Select(thread => new Thread(() =>
        {
            for (var round = 0; round < rounds; round++)
            {
                var (place, content) = ($"{thread}/{round}", Encoding.UTF8.GetBytes(new string((char)('a' + thread), 1 + (round % 600))));

                try
                {
                    if (cipher.Open(place, cipher.Seal(place, content)) is not { } opened || !opened.AsSpan().SequenceEqual(content))
                    {
                        Interlocked.Increment(ref failures);
                    }
                }
                catch (System.Security.Cryptography.CryptographicException)
                {
                    Interlocked.Increment(ref failures);
                }
            }
        })).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());

        Assert.Equal(0, failures);
    }

    [Fact]
    public void Open_AnotherPlaceKeyPurposeOrByte_StaysClosed()
    {
        const string secret = "a secret of the tests, long enough for it";
        var cipher = new ContentCipher(secret, "tests");
        byte[] content = [1, 2, 3];
        var record = cipher.Seal("here", content);
        byte[] damaged = [.. record];
        damaged[^1] ^= 1;

        Assert.Equal(content, new ContentCipher(secret, "tests").Open("here", record));
        Assert.Null(cipher.Open("there", record));
        Assert.Null(cipher.Open("here", damaged));
        Assert.Null(cipher.Open("here", record.AsSpan(0, 27)));
        Assert.Null(new ContentCipher(secret, "others").Open("here", record));
        Assert.Null(new ContentCipher(null, "tests").Open("here", record));
        Assert.NotEqual(record, cipher.Seal("here", content));
    }
}
