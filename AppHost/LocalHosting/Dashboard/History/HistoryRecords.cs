using System.Buffers.Binary;
using System.IO.Compression;

namespace Aspire.Hosting.Dashboard.History;

internal enum HistoryKind : byte
{
    Traces,
    Logs,
    Metrics,
    Console,
}

/// <summary>One thing after the other in a file: {kind, length, packed bytes}. What a killed run left half written ends the file.</summary>
internal static class HistoryRecords
{
    private const int HeadLength = 5;
    private const int MaxPackedLength = 32 * 1024 * 1024;

    public static byte[] Pack(HistoryKind kind, ReadOnlySpan<byte> content)
    {
        using var packed = new MemoryStream();
        packed.Write(stackalloc byte[HeadLength]);
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(content);
        }

        var record = packed.ToArray();
        record[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(1), record.Length - HeadLength);
        return record;
    }

    public static IEnumerable<(HistoryKind Kind, byte[] Content)> Read(string path)
    {
        using var file = new FileStream(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 64 * 1024 });
        var head = new byte[HeadLength];
        while (file.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false) == HeadLength)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(1));
            if (length is < 0 or > MaxPackedLength || file.Length - file.Position < length)
            {
                yield break;
            }

            var packed = new byte[length];
            file.ReadExactly(packed);
            using var content = new MemoryStream();
            using (var deflate = new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress))
            {
                deflate.CopyTo(content);
            }

            yield return ((HistoryKind)head[0], content.ToArray());
        }
    }
}
