using System.Runtime.CompilerServices;
using System.Text;

namespace AiPlatform.Services.Api.ClinicalSessions.Import;

/// <summary>
/// RFC 4180, strictly: quoted fields may hold commas, doubled quotes and line breaks; a quote anywhere else is a fault.
/// Lines end with LF or CRLF; blank lines are passed over.
/// </summary>
internal sealed class CsvReader(TextReader reader)
{
    // client,00:01:10,"He said ""never"",
    // and left."
    private readonly char[] _buffer = new char[4096];
    private int _length;
    private int _next;
    private int _line = 1;

    public async IAsyncEnumerable<CsvRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await PeekAsync(cancellationToken) is not null)
        {
            var line = _line;
            var fields = new List<string>();
            do
            {
                fields.Add(await ReadFieldAsync(cancellationToken));
            }
            while (await TakeSeparatorAsync(cancellationToken));

            if (fields is not [""])
            {
                yield return new(line, fields);
            }
        }
    }

    private async ValueTask<string> ReadFieldAsync(CancellationToken cancellationToken)
    {
        var field = new StringBuilder();
        if (await PeekAsync(cancellationToken) is '"')
        {
            await ReadQuotedAsync(field, cancellationToken);
            return field.ToString();
        }

        while (await PeekAsync(cancellationToken) is { } character and not (',' or '\n' or '\r'))
        {
            if (character is '"')
            {
                throw new CsvFormatException(_line, "A quote stands inside a field that does not begin with one.");
            }

            field.Append(Take());
        }

        return field.ToString();
    }

    private async ValueTask ReadQuotedAsync(StringBuilder field, CancellationToken cancellationToken)
    {
        var opened = _line;
        Take();
        while (await PeekAsync(cancellationToken) is { } character)
        {
            Take();
            if (character is not '"')
            {
                field.Append(character);
                continue;
            }

            if (await PeekAsync(cancellationToken) is not '"')
            {
                return;
            }

            field.Append(Take());
        }

        throw new CsvFormatException(opened, "A quoted field is never closed.");
    }

    /// <returns><see langword="true"/> after a comma, <see langword="false"/> after the end of the row.</returns>
    private async ValueTask<bool> TakeSeparatorAsync(CancellationToken cancellationToken)
    {
        var line = _line;
        switch (await PeekAsync(cancellationToken))
        {
            case null:
                return false;
            case ',':
                Take();
                return true;
            case '\n':
                Take();
                return false;
            case '\r':
                Take();
                if (await PeekAsync(cancellationToken) is not '\n')
                {
                    throw new CsvFormatException(line, "A carriage return stands without a line feed.");
                }

                Take();
                return false;
            default:
                throw new CsvFormatException(line, "Text follows a closing quote.");
        }
    }

    private async ValueTask<char?> PeekAsync(CancellationToken cancellationToken)
    {
        if (_next == _length)
        {
            _length = await reader.ReadAsync(_buffer, cancellationToken);
            _next = 0;
        }

        return _length == 0 ? null : _buffer[_next];
    }

    private char Take()
    {
        var character = _buffer[_next++];
        if (character is '\n')
        {
            _line++;
        }

        return character;
    }
}

/// <param name="Line">1-based line of the file on which the row begins.</param>
internal sealed record CsvRow(int Line, IReadOnlyList<string> Fields);

internal sealed class CsvFormatException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}
