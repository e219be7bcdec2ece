namespace Aspire.Hosting.Dashboard.ConsoleLogs;

/// <summary>The newest console lines of every resource, bounded for each by count and length: one that talks too much drives out only its own.</summary>
internal sealed class ConsoleStore
{
    public const int MaxLines = 10_000;
    public const int MaxCharacters = 8 * 1024 * 1024;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Ring> _rings = new(StringComparer.OrdinalIgnoreCase);
    private long _last;

    /// <summary>Told of every line as it is taken in; must not wait.</summary>
    public Action<ConsoleLine>? Kept { get; set; }

    public void Add(string resource, string instance, DateTimeOffset time, string text, bool isError)
    {
        lock (_gate)
        {
            Keep(new ConsoleLine(_last + 1, (time - DateTimeOffset.UnixEpoch).TotalMilliseconds, resource, instance, text, isError));
        }
    }

    /// <summary>
    /// The lines of one resource or, with null, of all: the first <paramref name="limit"/> after a line, or without one the last of all; oldest first.
    /// </summary>
    public ConsolePage Read(string? resource, long? after, int limit)
    {
        lock (_gate)
        {
            var rings = resource is null ? _rings.Values : _rings.TryGetValue(resource, out var ring) ? [ring] : (IEnumerable<Ring>)[];
            List<ConsoleLine> lines = [.. rings.SelectMany(r => after is { } n ? r.After(n) : r.Last(limit)).OrderBy(l => l.N)];
            var page = after is null ? lines.TakeLast(limit) : lines.Take(limit);
            return new([.. page], lines.Count > limit);
        }
    }

    private void Keep(ConsoleLine line)
    {
        if (!_rings.TryGetValue(line.Resource, out var ring))
        {
            ring = _rings[line.Resource] = new Ring();
        }

        ring.Add(line);
        _last = line.N;
        Kept?.Invoke(line);
    }

    private sealed class Ring
    {
        private readonly List<ConsoleLine> _lines = [];
        private int _first;
        private int _characters;

        public void Add(ConsoleLine line)
        {
            _lines.Add(line);
            _characters += line.Text.Length;
            while (_lines.Count - _first > MaxLines || _characters > MaxCharacters)
            {
                _characters -= _lines[_first].Text.Length;
                _lines[_first++] = null!;
            }

            // Moving them all is worth it once as many are gone as stay.
            if (_first > MaxLines)
            {
                _lines.RemoveRange(0, _first);
                _first = 0;
            }
        }

        /// <summary>So many and one more, which tells that there are more.</summary>
        public IEnumerable<ConsoleLine> Last(int limit) => _lines.Skip(Math.Max(_first, _lines.Count - limit - 1));

        public IEnumerable<ConsoleLine> After(long n)
        {
            var start = _lines.Count;
            while (start > _first && _lines[start - 1].N > n)
            {
                start--;
            }

            return _lines.Skip(start);
        }
    }
}
