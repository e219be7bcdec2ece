using System.Buffers.Binary;
using System.Text;

namespace AiPlatform.LocalHosting.Tests.Dashboard;

/// <summary>Protobuf by hand, so that what a sender puts on the wire stands in the test.</summary>
internal static class Wire
{
    public static byte[] Bytes(int field, ReadOnlySpan<byte> content) => [.. Varint((ulong)((field << 3) | 2)), .. Varint((ulong)content.Length), .. content];

    public static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public static byte[] Number(int field, long value) => [.. Varint((ulong)(field << 3)), .. Varint((ulong)value)];

    public static byte[] Fixed(int field, ulong value)
    {
        var eight = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(eight, value);
        return [.. Varint((ulong)((field << 3) | 1)), .. eight];
    }

    public static byte[] Double(int field, double value) => Fixed(field, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>Eight bytes each, as counts and bounds are sent.</summary>
    public static byte[] Packed(int field, params double[] values) => Bytes(field, [.. values.SelectMany(v => BitConverter.GetBytes(v))]);

    public static byte[] PackedCounts(int field, params ulong[] values) => Bytes(field, [.. values.SelectMany(v => BitConverter.GetBytes(v))]);

    public static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }
}
