using System.Buffers.Binary;
using System.Text;
using AiPlatform.Services.Chat.Models.Forwarding;

namespace AiPlatform.Services.Chat.Models.Caching;

/// <summary>A whole reply as it was sent, piece by piece: a stream is played with the very chunks it came in.</summary>
internal sealed class CachedReply
{
    // Lengths and places in memory that are there for each entry and piece beside their bytes.
    private const int Overhead = 512;
    private const int PieceOverhead = 32;
    private const byte Version = 1;

    private readonly ReadOnlyMemory<byte>[] _pieces;

    private CachedReply(CacheOrigin origin, string contentType, ReadOnlyMemory<byte> body, ReadOnlyMemory<byte>[] pieces) =>
        (Origin, ContentType, Body, _pieces) = (origin, contentType, body, pieces);

    public CacheOrigin Origin { get; }

    public string ContentType { get; }

    public ReadOnlyMemory<byte> Body { get; }

    public bool IsStream => Head.IsStream;

    public int Size => Overhead + (_pieces.Length * PieceOverhead) + Body.Length;

    // Of a stream nobody knows the length, and its caller expects no such header.
    private ReplyHead Head => new(StatusCodes.Status200OK, ContentType) { IsFromCache = true };

    public static CachedReply Of(CacheOrigin origin, string contentType, IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var body = new byte[pieces.Sum(static piece => piece.Length)];
        var (sliced, position) = (new ReadOnlyMemory<byte>[pieces.Count], 0);

        for (var index = 0; index < sliced.Length; index++)
        {
            pieces[index].CopyTo(body.AsMemory(position));
            sliced[index] = body.AsMemory(position, pieces[index].Length);
            position += pieces[index].Length;
        }

        return new(origin, contentType, body, sliced);
    }

    public async Task PlayAsync(IReplySink sink, CancellationToken cancellationToken)
    {
        sink.Start(IsStream ? Head : Head with { Length = Body.Length });

        foreach (var piece in _pieces)
        {
            await sink.WriteAsync(piece, cancellationToken);
        }
    }

    // version, user, model, content type, number of pieces, their lengths, the body; numbers little endian, texts with their length in front.
    public byte[] ToBytes()
    {
        var (model, type) = (Encoding.UTF8.GetBytes(Origin.Model), Encoding.UTF8.GetBytes(ContentType));
        var bytes = new byte[1 + 16 + 4 + model.Length + 4 + type.Length + 4 + (4 * _pieces.Length) + Body.Length];
        bytes[0] = Version;
        Origin.UserId.TryWriteBytes(bytes.AsSpan(1));
        var rest = Text(Text(bytes.AsSpan(17), model), type);
        rest = Number(rest, _pieces.Length);

        foreach (var piece in _pieces)
        {
            rest = Number(rest, piece.Length);
        }

        Body.Span.CopyTo(rest);
        return bytes;
    }

    /// <param name="bytes">What <see cref="ToBytes"/> made; whoever opened them knows that they are whole.</param>
    /// <returns>Null when another version of the service wrote them.</returns>
    public static CachedReply? Read(Guid practiceId, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span[0] != Version)
        {
            return null;
        }

        var userId = new Guid(bytes.Span[1..17]);
        var rest = bytes[17..];
        var model = Text(ref rest);
        var type = Text(ref rest);
        var pieces = new ReadOnlyMemory<byte>[Number(ref rest)];
        var lengths = rest[..(4 * pieces.Length)];
        var body = rest[lengths.Length..];
        var position = 0;

        for (var index = 0; index < pieces.Length; index++)
        {
            pieces[index] = body.Slice(position, Number(ref lengths));
            position += pieces[index].Length;
        }

        return new(new(practiceId, userId, model), type, body, pieces);
    }

    private static Span<byte> Number(Span<byte> target, int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, number);
        return target[4..];
    }

    private static Span<byte> Text(Span<byte> target, byte[] text)
    {
        var rest = Number(target, text.Length);
        text.CopyTo(rest);
        return rest[text.Length..];
    }

    private static int Number(ref ReadOnlyMemory<byte> source)
    {
        var number = BinaryPrimitives.ReadInt32LittleEndian(source.Span);
        source = source[4..];
        return number;
    }

    private static string Text(ref ReadOnlyMemory<byte> source)
    {
        var length = Number(ref source);
        var text = Encoding.UTF8.GetString(source.Span[..length]);
        source = source[length..];
        return text;
    }
}
