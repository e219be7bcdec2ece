using System.Buffers;
using AiPlatform.Services.Chat.Models.Calls;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>
/// Follows a JSON reply of any size as it passes, in pieces cut anywhere, and keeps nothing of it but the usage: its depth, whether it
/// stands in a text, and the member <c>"usage"</c> of the outermost object.
/// </summary>
internal sealed class ReplyScanner
{
    // Real ones have some 300 bytes.
    private const int MaxUsageLength = 4096;

    private static readonly SearchValues<byte> Marks = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> TextMarks = SearchValues.Create("\"\\"u8);

    private readonly ArrayBufferWriter<byte> _usage = new(512);
    private readonly byte[] _name = new byte["usage".Length];
    private int _nameLength;
    private int _depth;
    private bool _isInText;
    private bool _isEscaped;
    private bool _isUsageNext;
    private bool _isInUsage;
    private bool _hasBegun;
    private long _characters;

    /// <summary>The outermost object has ended.</summary>
    public bool IsWhole => _hasBegun && _depth == 0;

    public TokenUsage? Usage { get; private set; }

    /// <summary>The provider's count, or ours when it gave none: of all texts of the reply, and of embeddings none.</summary>
    public TokenUsage UsageSoFar(ModelCallStart start) => Usage ?? new(
        start.InputEstimate, start.Kind == ModelCallKind.Embeddings ? 0 : TokenUsage.OfCharacters(_characters), IsEstimated: true);

    public void Look(ReadOnlySpan<byte> piece)
    {
        var position = 0;

        while (position < piece.Length)
        {
            var (start, wasInUsage) = (position, _isInUsage);
            position = _isInText ? LookInText(piece, position) : LookAround(piece, position);

            if (!wasInUsage)
            {
                continue;
            }

            Keep(piece[start..position]);

            if (!_isInUsage)
            {
                Usage = ReadKept() ?? Usage;
            }
        }
    }

    private int LookInText(ReadOnlySpan<byte> piece, int position)
    {
        if (_isEscaped)
        {
            (_isEscaped, _nameLength) = (false, int.MaxValue);
            return position + 1;
        }

        var length = piece[position..].IndexOfAny(TextMarks);
        Name(length < 0 ? piece[position..] : piece.Slice(position, length));
        _characters += length < 0 ? piece.Length - position : length;

        if (length < 0)
        {
            return piece.Length;
        }

        if (piece[position + length] == '\\')
        {
            _isEscaped = true;
        }
        else
        {
            _isInText = false;
            _isUsageNext = _depth == 1 && _nameLength == _name.Length && _name.AsSpan().SequenceEqual("usage"u8);
        }

        return position + length + 1;
    }

    private int LookAround(ReadOnlySpan<byte> piece, int position)
    {
        var length = piece[position..].IndexOfAny(Marks);

        if (length < 0)
        {
            return piece.Length;
        }

        switch (piece[position + length])
        {
            case (byte)'"':
                (_isInText, _nameLength) = (true, 0);
                break;
            case (byte)'{' or (byte)'[':
                _hasBegun = true;
                _depth++;

                if (_isUsageNext && piece[position + length] == '{')
                {
                    _isInUsage = true;
                    _usage.ResetWrittenCount();
                    Keep("{"u8);
                }

                break;
            default:
                _depth--;
                _isInUsage &= _depth > 1;
                break;
        }

        _isUsageNext = false;
        return position + length + 1;
    }

    private void Name(ReadOnlySpan<byte> text)
    {
        if (_nameLength + (long)text.Length > _name.Length)
        {
            _nameLength = int.MaxValue;
            return;
        }

        text.CopyTo(_name.AsSpan(_nameLength));
        _nameLength += text.Length;
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        if (_usage.WrittenCount + part.Length <= MaxUsageLength)
        {
            _usage.Write(part);
        }
    }

    private TokenUsage? ReadKept()
    {
        try
        {
            return UsageReader.Read(_usage.WrittenSpan);
        }
        catch (System.Text.Json.JsonException)
        {
            // Longer than any that is one, or not valid: the reply is the caller's to judge, and its tokens are estimated.
            return null;
        }
    }
}
