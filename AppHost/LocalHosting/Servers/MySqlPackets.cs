namespace Aspire.Hosting.Servers;

/// <summary>Packets of the MySQL protocol: three bytes of length, one that counts, the content.</summary>
internal sealed class MySqlPackets(Stream stream)
{
    // A packet of the sign-in is far shorter; whoever announces more is no MySQL server.
    private const int MaxLength = 64 * 1024;
    private byte _sequence;

    public async Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        var head = new byte[4];
        await stream.ReadExactlyAsync(head, cancellationToken);
        var length = head[0] | head[1] << 8 | head[2] << 16;
        if (length is 0 or > MaxLength)
        {
            throw new IOException("The server does not speak MySQL's protocol.");
        }

        _sequence = (byte)(head[3] + 1);
        var content = new byte[length];
        await stream.ReadExactlyAsync(content, cancellationToken);
        return content;
    }

    public Task WriteAsync(byte[] content, CancellationToken cancellationToken) =>
        stream.WriteAsync((byte[])[(byte)content.Length, (byte)(content.Length >> 8), (byte)(content.Length >> 16), _sequence, .. content], cancellationToken).AsTask();

    /// <summary>The first packet of a new command.</summary>
    public Task WriteFirstAsync(byte[] content, CancellationToken cancellationToken)
    {
        _sequence = 0;
        return WriteAsync(content, cancellationToken);
    }
}
