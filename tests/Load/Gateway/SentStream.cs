using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace AiPlatform.Load.Gateway;

/// <summary>A stream's chunks say when they were sent, by the clock that all processes of a machine share, so that whoever gets one knows how old it is.</summary>
internal static class SentStream
{
    private const int Digits = 19;

    private static readonly byte[] Before = """data: {"id":"c","choices":[{"index":0,"delta":{"content":" """u8.ToArray();
    private static readonly byte[] After = """ "},"finish_reason":null}]}"""u8.ToArray();

    public static byte[] Chunk(long sentAt) => [.. Before, .. Encoding.ASCII.GetBytes(sentAt.ToString("D19", System.Globalization.CultureInfo.InvariantCulture)), .. After, .. "\n\n"u8];

    /// <summary>Takes the moments out of the chunks that are whole.</summary>
    /// <returns>How many bytes were read of them.</returns>
    public static int Read(ReadOnlySpan<byte> received, List<TimeSpan> ages)
    {
        var (position, now) = (0, Stopwatch.GetTimestamp());

        while (received[position..].IndexOf("\"content\":\" "u8) is var found and >= 0)
        {
            var digits = position + found + "\"content\":\" "u8.Length;

            if (digits + Digits > received.Length || !Utf8Parser.TryParse(received.Slice(digits, Digits), out long sentAt, out _))
            {
                return position;
            }

            ages.Add(Stopwatch.GetElapsedTime(sentAt, now));
            position = digits + Digits;
        }

        return position;
    }
}
