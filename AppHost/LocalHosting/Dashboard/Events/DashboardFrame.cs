using System.Text;

namespace Aspire.Hosting.Dashboard.Events;

/// <summary>One server-sent event, written once for all who get it.</summary>
internal sealed class DashboardFrame(string name, ReadOnlySpan<byte> json)
{
    public string Name { get; } = name;

    // JSON as we write it has no line breaks, so one data line holds it.
    public ReadOnlyMemory<byte> Bytes { get; } = (byte[])[.. Encoding.UTF8.GetBytes($"event: {name}\ndata: "), .. json, .. "\n\n"u8];
}
