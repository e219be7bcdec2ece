namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>Finds where events of a stream end: after an empty line, whichever of \n, \r\n and \r ends its lines.</summary>
internal static class EventSplitter
{
    /// <returns>The length of the first whole event with its empty line; 0 when it is not all there yet.</returns>
    public static int EndOfEvent(ReadOnlySpan<byte> bytes)
    {
        var from = 0;

        while (bytes[from..].IndexOfAny((byte)'\n', (byte)'\r') is var at and >= 0)
        {
            var line = from + at;
            var next = line + LineEnd(bytes[line..]);

            if (next < bytes.Length && bytes[next] is (byte)'\n' or (byte)'\r')
            {
                var end = LineEnd(bytes[next..]);

                // A \r at the very end may be the first half of \r\n: the other half would begin the next event.
                return bytes[next] == '\r' && end == 1 && next + 1 == bytes.Length && bytes[line] == '\r' && next - line == 2 ? 0 : next + end;
            }

            from = next;
        }

        return 0;
    }

    /// <summary>What the lines <c>data:</c> of an event say; of several only the first, which is all that model servers send.</summary>
    public static ReadOnlySpan<byte> DataOf(ReadOnlySpan<byte> sent)
    {
        while (!sent.IsEmpty)
        {
            var end = sent.IndexOfAny((byte)'\n', (byte)'\r');
            var line = end < 0 ? sent : sent[..end];

            if (line.StartsWith("data:"u8))
            {
                return line["data:"u8.Length..].Trim((byte)' ');
            }

            sent = end < 0 ? default : sent[(end + 1)..];
        }

        return default;
    }

    /// <summary>Whether each line is a field or a comment, as in a stream of events and in nothing else.</summary>
    public static bool IsEvent(ReadOnlySpan<byte> sent)
    {
        while (!sent.IsEmpty)
        {
            var end = sent.IndexOfAny((byte)'\n', (byte)'\r');
            var line = end < 0 ? sent : sent[..end];

            if (!line.IsEmpty && line[0] != ':' && !line.StartsWith("data:"u8) && !line.StartsWith("event:"u8) && !line.StartsWith("id:"u8) && !line.StartsWith("retry:"u8))
            {
                return false;
            }

            sent = end < 0 ? default : sent[(end + 1)..];
        }

        return true;
    }

    private static int LineEnd(ReadOnlySpan<byte> bytes) => bytes[0] == '\r' && bytes.Length > 1 && bytes[1] == '\n' ? 2 : 1;
}
