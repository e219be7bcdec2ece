using System.Buffers.Binary;
using System.Text;

namespace Aspire.Hosting.Dashboard.Otlp;

internal enum ProtoWire
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// <summary>Goes through the fields of a protobuf message where it lies, without a copy. After <see cref="Next"/> exactly one read or <see cref="Skip"/>.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    public int Field { get; private set; }

    public ProtoWire Wire { get; private set; }

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        // 0x0a: field 1, length-delimited
        var tag = Varint();
        (Field, Wire) = ((int)Math.Min(tag >> 3, int.MaxValue), (ProtoWire)(tag & 7));
        if (Field == 0 || Wire is not (ProtoWire.Varint or ProtoWire.Fixed64 or ProtoWire.Bytes or ProtoWire.Fixed32))
        {
            throw new OtlpFormatException("The message has a field of an unknown kind.");
        }

        return true;
    }

    public readonly bool Is(int field, ProtoWire wire) => Field == field && Wire == wire;

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = Take(1)[0];
            value |= shift < 64 ? (ulong)(next & 0x7f) << shift : 0;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new OtlpFormatException("The message has a number that is too long.");
    }

    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public uint Fixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public ReadOnlySpan<byte> Bytes()
    {
        var length = Varint();
        return length <= (ulong)_rest.Length ? Take((int)length) : throw new OtlpFormatException("The message ends within a field.");
    }

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public void Skip()
    {
        switch (Wire)
        {
            case ProtoWire.Varint:
                Varint();
                break;
            case ProtoWire.Fixed64:
                Take(8);
                break;
            case ProtoWire.Fixed32:
                Take(4);
                break;
            default:
                Bytes();
                break;
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count)
        {
            throw new OtlpFormatException("The message ends within a field.");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
