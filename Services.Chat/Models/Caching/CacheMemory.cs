using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Models.Caching;

/// <summary>The entries this replica has just used, for seconds and in bounded size, so that not every hit asks Redis.</summary>
internal sealed class CacheMemory(IOptions<CacheOptions> options) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly MemoryCache _entries = new(new MemoryCacheOptions { SizeLimit = options.Value.MemoryMegabytes * 1024L * 1024 });
    private readonly TimeSpan _longest = TimeSpan.FromSeconds(options.Value.MemorySeconds);
    private long _clearings;

    /// <summary>Of what was read from Redis before something was cleared nobody knows whether it was among it.</summary>
    public long Clearings => Interlocked.Read(ref _clearings);

    public CachedReply? Find(CacheAddress address) => _entries.Get<CachedReply>(address);

    /// <param name="left">How long the entry has still to live in Redis.</param>
    /// <param name="clearings"><see cref="Clearings"/> from before the entry was read or written.</param>
    public void Add(CacheAddress address, CachedReply reply, TimeSpan left, long clearings)
    {
        if (left <= TimeSpan.Zero)
        {
            return;
        }

        lock (_gate)
        {
            if (clearings == _clearings)
            {
                _entries.Set(address, reply, new MemoryCacheEntryOptions { Size = reply.Size, AbsoluteExpirationRelativeToNow = left < _longest ? left : _longest });
            }
        }
    }

    public void Remove(CacheAddress address) => _entries.Remove(address);

    public void Clear(Guid practiceId, Guid? userId, string? model)
    {
        lock (_gate)
        {
            Interlocked.Increment(ref _clearings);

            foreach (var key in _entries.Keys)
            {
                if (_entries.TryGetValue(key, out CachedReply? reply) && reply!.Origin.IsOf(practiceId, userId, model))
                {
                    _entries.Remove(key);
                }
            }
        }
    }

    /// <summary>When words of clearings may have been lost.</summary>
    public void ClearAll()
    {
        lock (_gate)
        {
            Interlocked.Increment(ref _clearings);
            _entries.Clear();
        }
    }

    public void Dispose() => _entries.Dispose();
}
