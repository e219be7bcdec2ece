using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.Servers;

namespace AiPlatform.LocalHosting.Tests;

/// <summary>What MariaDB does not do and MySQL does; the other tests sign in to the real MariaDB.</summary>
public sealed class MySqlSignInTests
{
    private const string Password = "päss word";
    private static readonly byte[] Nonce = [.. Enumerable.Range(1, 20).Select(i => (byte)i)];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SignIn_ByCachingSha2_ProvesThePassword(bool isCached)
    {
        var (result, _) = await SignInAsync(Password, (server, proof) => AnswerAsync(server, proof, isCached));

        Assert.Equal(MySqlSignInResult.Accepted, result);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SignIn_ByCachingSha2WithAnotherPassword_IsRefusedWithTheServersWords(bool isCached)
    {
        var (result, why) = await SignInAsync("another", (server, proof) => AnswerAsync(server, proof, isCached));

        Assert.Equal((MySqlSignInResult.Refused, "Access denied"), (result, why));
    }

    [Fact]
    public async Task SignIn_ByAnUnknownPlugin_IsNotChecked()
    {
        var (result, why) = await SignInAsync(Password, (server, _) => SendAsync(server, 2, [0xfe, .. "client_ed25519\0"u8, .. Nonce]));

        Assert.Equal((MySqlSignInResult.NotChecked, "The sign-in by client_ed25519 is not checked."), (result, why));
    }

    [Fact]
    public async Task SignIn_WhereEncryptionIsRequired_IsNotChecked()
    {
        // 3159 = 0x0c57
        var (result, _) = await SignInAsync(Password, (server, _) => SendAsync(server, 2, [0xff, 0x57, 0x0c, .. "#HY000Connections using insecure transport are prohibited"u8]));

        Assert.Equal(MySqlSignInResult.NotChecked, result);
    }

    [Fact]
    public async Task SignIn_ToSomethingElse_FailsAtOnce()
    {
        await Assert.ThrowsAsync<IOException>(() => RunAsync(Password, server => server.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), TestHosts.InTime()).AsTask()));
    }

    private static Task<(MySqlSignInResult Result, string? Why)> SignInAsync(string password, Func<Stream, byte[], Task> answer) => RunAsync(password, async server =>
    {
        // Version, name, thread, first of the nonce, flags, 21 bytes of nonce with its end, ten unused, rest of the nonce, plugin
        await SendAsync(server, 0, [10, .. "8.4.0\0"u8, 1, 0, 0, 0, .. Nonce[..8], 0, 0xff, 0xff, 45, 2, 0, 0xff, 0xff, 21, .. new byte[10], .. Nonce[8..], 0, .. "caching_sha2_password\0"u8]);
        var response = await ReadAsync(server);
        var user = response.AsSpan(32).IndexOf((byte)0) + 32;
        await answer(server, response[(user + 2)..(user + 2 + response[user + 1])]);
    });

    private static async Task<(MySqlSignInResult Result, string? Why)> RunAsync(string password, Func<Stream, Task> serve)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, TestHosts.InTime());
        using var server = await listener.AcceptTcpClientAsync(TestHosts.InTime());
        var served = serve(server.GetStream());
        var result = await new MySqlSignIn(client.GetStream(), new("127.0.0.1", port, "root", password, null)).RunAsync(TestHosts.InTime());
        await served;
        return result;
    }

    // As MySQL 8 does: the short proof is enough when it remembers the password, else it has the password encrypted for itself.
    private static async Task AnswerAsync(Stream server, byte[] proof, bool isCached)
    {
        var secret = Encoding.UTF8.GetBytes(Password);
        if (isCached)
        {
            var hash = SHA256.HashData(secret);
            byte[] expected = [.. hash.Zip(SHA256.HashData([.. SHA256.HashData(hash), .. Nonce]), (l, r) => (byte)(l ^ r))];
            await FinishAsync(server, 2, proof.SequenceEqual(expected), [0x01, 0x03]);
            return;
        }

        using var rsa = RSA.Create(2048);
        await SendAsync(server, 2, [0x01, 0x04]);
        Assert.Equal([0x02], await ReadAsync(server));
        await SendAsync(server, 4, [0x01, .. Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem())]);
        var sent = rsa.Decrypt(await ReadAsync(server), RSAEncryptionPadding.OaepSHA1).Select((b, i) => (byte)(b ^ Nonce[i % Nonce.Length]));
        await FinishAsync(server, 6, sent.SequenceEqual(secret.Append((byte)0)), []);
    }

    private static async Task FinishAsync(Stream server, byte sequence, bool isRight, byte[] before)
    {
        if (!isRight)
        {
            await SendAsync(server, sequence, [0xff, 0x15, 0x04, .. "#28000Access denied"u8]);
            return;
        }

        if (before.Length > 0)
        {
            await SendAsync(server, sequence++, before);
        }

        await SendAsync(server, sequence, [0, 0, 0, 2, 0, 0, 0]);
        Assert.Equal([0x01], await ReadAsync(server));
    }

    private static Task SendAsync(Stream stream, byte sequence, byte[] content) =>
        stream.WriteAsync((byte[])[(byte)content.Length, (byte)(content.Length >> 8), 0, sequence, .. content], TestHosts.InTime()).AsTask();

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        var head = new byte[4];
        await stream.ReadExactlyAsync(head, TestHosts.InTime());
        var content = new byte[head[0] | head[1] << 8];
        await stream.ReadExactlyAsync(content, TestHosts.InTime());
        return content;
    }
}
