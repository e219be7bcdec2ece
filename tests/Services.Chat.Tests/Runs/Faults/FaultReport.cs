using System.Globalization;
using Xunit.Abstractions;

namespace AiPlatform.Services.Chat.Tests.Runs.Faults;

/// <summary>The figures of docs/measurements.md, one line for each fault.</summary>
internal sealed class FaultReport(ITestOutputHelper output)
{
    /// <param name="stall">From the fault to the next frame the user sees.</param>
    /// <param name="recovery">From the end of the fault until every replica reads the whole run.</param>
    public void Write(string fault, FaultRun run, TimeSpan stall, TimeSpan recovery) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"fault: {fault} | next frame after {stall.TotalMilliseconds:0} ms | whole again after {recovery.TotalMilliseconds:0} ms | frames lost: {run.LostFrames}"));
}
