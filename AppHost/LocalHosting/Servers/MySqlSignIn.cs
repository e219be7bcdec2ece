using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Aspire.Hosting.Servers;

internal enum MySqlSignInResult
{
    Accepted,
    Refused,

    /// <summary>The server wants something only a full driver can do.</summary>
    NotChecked,
}

/// <summary>The connection phase of the MySQL protocol and no more: greeting, proof of the password, the server's answer.</summary>
internal sealed class MySqlSignIn(Stream stream, MySqlAddress address)
{
    private const byte Ok = 0x00;
    private const byte MoreData = 0x01;
    private const byte SwitchPlugin = 0xfe;
    private const byte Error = 0xff;
    private const ushort SecureTransportRequired = 3159;

    // Long password, connect with database, protocol 4.1, secure connection, plugin names.
    private const uint Capabilities = 0x0008_8201;
    private const uint WithDatabase = 0x0000_0008;
    private const byte Utf8Mb4 = 45;
    private readonly MySqlPackets _packets = new(stream);

    public async Task<(MySqlSignInResult Result, string? Why)> RunAsync(CancellationToken cancellationToken)
    {
        var packet = await _packets.ReadAsync(cancellationToken);
        if (packet[0] == Error)
        {
            return Refusal(packet);
        }

        var (plugin, nonce) = Greeting(packet);
        await _packets.WriteAsync(Response(plugin, nonce), cancellationToken);
        while (true)
        {
            packet = await _packets.ReadAsync(cancellationToken);
            switch (packet[0])
            {
                case Ok:
                    // COM_QUIT, so that the server counts no aborted client.
                    await _packets.WriteFirstAsync([0x01], cancellationToken);
                    return (MySqlSignInResult.Accepted, null);
                case Error:
                    return Refusal(packet);
                case SwitchPlugin when packet.Length == 1:
                    return (MySqlSignInResult.NotChecked, "The sign-in by old passwords is not checked.");
                case SwitchPlugin:
                    var end = Array.IndexOf(packet, (byte)0, 1);
                    plugin = Encoding.ASCII.GetString(packet, 1, end - 1);
                    nonce = [.. packet.Skip(end + 1).Take(MySqlPasswords.NonceLength)];
                    if (MySqlPasswords.Prove(plugin, address.Password, nonce) is not { } proof)
                    {
                        return (MySqlSignInResult.NotChecked, $"The sign-in by {plugin} is not checked.");
                    }

                    await _packets.WriteAsync(proof, cancellationToken);
                    break;
                case MoreData when packet is [_, MySqlPasswords.FullProofWanted]:
                    if (!await IsLoopbackAsync(cancellationToken))
                    {
                        return (MySqlSignInResult.NotChecked, $"The sign-in by {plugin} over the network is not checked.");
                    }

                    await _packets.WriteAsync([MySqlPasswords.PublicKeyWanted], cancellationToken);
                    var key = await _packets.ReadAsync(cancellationToken);
                    await _packets.WriteAsync(MySqlPasswords.Encrypt(Encoding.ASCII.GetString(key, 1, key.Length - 1), address.Password, nonce), cancellationToken);
                    break;
                case MoreData:
                    // The short proof was enough; what it led to comes next.
                    break;
                default:
                    return (MySqlSignInResult.Refused, "The server does not speak MySQL's protocol.");
            }
        }
    }

    // Version 10, server's name to 0, thread, 8 bytes of nonce, ..., length of the nonce at 21 bytes past the name, the rest of it 10 further, plugin
    private static (string Plugin, byte[] Nonce) Greeting(byte[] packet)
    {
        var name = Array.IndexOf(packet, (byte)0, 1);
        if (packet[0] != 10 || name < 0 || packet.Length < name + 33)
        {
            throw new IOException("The server does not speak version 10 of MySQL's protocol.");
        }

        var rest = name + 32;
        var restLength = Math.Max(13, packet[name + 21] - 8);
        var nonce = packet.Skip(name + 5).Take(8).Concat(packet.Skip(rest).Take(MySqlPasswords.NonceLength - 8)).ToArray();
        var plugin = packet.AsSpan(Math.Min(rest + restLength, packet.Length));
        return (Encoding.ASCII.GetString(plugin.IndexOf((byte)0) is var end and >= 0 ? plugin[..end] : plugin), nonce);
    }

    private byte[] Response(string plugin, byte[] nonce)
    {
        var proof = MySqlPasswords.Prove(plugin, address.Password, nonce) ?? [];
        using var response = new MemoryStream();
        Span<byte> head = stackalloc byte[32];
        BinaryPrimitives.WriteUInt32LittleEndian(head, Capabilities | (address.Database is null ? 0 : WithDatabase));
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], 1 << 24);
        head[8] = Utf8Mb4;
        response.Write(head);
        response.Write(Encoding.UTF8.GetBytes(address.User + '\0'));
        response.WriteByte((byte)proof.Length);
        response.Write(proof);
        if (address.Database is { } database)
        {
            response.Write(Encoding.UTF8.GetBytes(database + '\0'));
        }

        response.Write(Encoding.ASCII.GetBytes(plugin + '\0'));
        return response.ToArray();
    }

    // FF, code, then # and five characters of SQL state once the version is agreed on, then the text
    private static (MySqlSignInResult Result, string Why) Refusal(byte[] packet)
    {
        var code = BinaryPrimitives.ReadUInt16LittleEndian(packet.AsSpan(1));
        var text = Encoding.UTF8.GetString(packet.AsSpan(packet.Length > 3 && packet[3] == '#' ? 9 : 3));
        return (code == SecureTransportRequired ? MySqlSignInResult.NotChecked : MySqlSignInResult.Refused, text);
    }

    // A key from a stranger on the way would give the password to that stranger.
    private async Task<bool> IsLoopbackAsync(CancellationToken cancellationToken) =>
        (await Dns.GetHostAddressesAsync(address.Host, cancellationToken)).All(IPAddress.IsLoopback);
}
