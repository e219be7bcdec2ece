using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.Gemini;

/// <summary>Audio as this wire takes it: one part, and as a file. Raw samples, as microphones send them in small chunks, are joined and get the header of a WAV file.</summary>
internal static class GeminiAudio
{
    private const int HeaderBytes = 44;
    private const short BitsPerSample = 16;

    /// <summary>Consecutive chunks of the same raw audio become one; everything else stays as it is.</summary>
    public static IEnumerable<AIContent> Join(IEnumerable<AIContent> contents)
    {
        var chunks = new List<DataContent>();

        foreach (var content in contents)
        {
            if (chunks.Count > 0 && (content as DataContent)?.MediaType != chunks[0].MediaType)
            {
                yield return ToWav(chunks);
                chunks.Clear();
            }

            if (content is DataContent data && IsRaw(data))
            {
                chunks.Add(data);
            }
            else
            {
                yield return content;
            }
        }

        if (chunks.Count > 0)
        {
            yield return ToWav(chunks);
        }
    }

    /// <summary>The header and the samples: mono or as many channels as said, 16 bits, little-endian.</summary>
    public static byte[] Wav(ReadOnlySpan<byte> samples, int rate, short channels)
    {
        var file = new byte[HeaderBytes + samples.Length];
        var header = file.AsSpan(0, HeaderBytes);
        var frame = (short)(channels * BitsPerSample / 8);

        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], HeaderBytes - 8 + samples.Length);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], channels);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], rate);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], rate * frame);
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], frame);
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], BitsPerSample);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[40..], samples.Length);
        samples.CopyTo(file.AsSpan(HeaderBytes));
        return file;
    }

    private static DataContent ToWav(List<DataContent> chunks)
    {
        var samples = chunks.SelectMany(chunk => chunk.Data.ToArray()).ToArray();
        return new(Wav(samples, Parameter(chunks[0], "rate", 16_000), (short)Parameter(chunks[0], "channels", 1)), "audio/wav");
    }

    // audio/pcm;rate=16000, audio/L16;rate=24000;channels=1
    private static bool IsRaw(DataContent data) =>
        data.MediaType.StartsWith("audio/pcm", StringComparison.OrdinalIgnoreCase) || data.MediaType.StartsWith("audio/L16", StringComparison.OrdinalIgnoreCase);

    private static int Parameter(DataContent data, string name, int otherwise) => data.MediaType.Split(';', StringSplitOptions.TrimEntries)
        .Where(part => part.StartsWith($"{name}=", StringComparison.OrdinalIgnoreCase))
        .Select(part => int.TryParse(part.AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? value : otherwise)
        .FirstOrDefault(otherwise);
}
