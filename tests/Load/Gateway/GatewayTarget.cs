using System.Globalization;
using System.Text;

namespace AiPlatform.Load.Gateway;

/// <summary>A server that is asked for completions, and what it wants to be told in headers.</summary>
/// <param name="ProcessId">Whose memory and processor time are looked at; 0 for none.</param>
internal sealed record GatewayTarget(string Name, int Port, string Path, int ProcessId, params (string Name, string Value)[] Headers)
{
    /// <summary>The bytes of one request, made once.</summary>
    public byte[] Request(string body, params (string Name, string Value)[] more)
    {
        var head = new StringBuilder($"POST {Path} HTTP/1.1\r\nHost: 127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}\r\nContent-Type: application/json\r\n");

        foreach (var (name, value) in Headers.Concat(more))
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
        return Encoding.UTF8.GetBytes(head.ToString());
    }

    /// <summary>A completion of some two hundred bytes, as a chat's first request is.</summary>
    public byte[] Completion(string model, bool streams = false) => Request(
        $$"""{"model":"{{model}}","messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"Summarise how the client slept."}],"temperature":0.2{{(streams ? ",\"stream\":true" : "")}}}""");
}
