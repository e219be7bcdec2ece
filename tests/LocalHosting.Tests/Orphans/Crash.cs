using Microsoft.Extensions.Hosting;

namespace AiPlatform.LocalHosting.Tests.Orphans;

/// <summary>Lets a host fail at the wished place of its start, with all its processes running where there are any.</summary>
internal sealed class Crash(string? place, string? pidFile) : IHostedService
{
    public bool IsWanted(string at) => place == at;

    public void Reach(string at)
    {
        if (IsWanted(at))
        {
            throw new InvalidOperationException($"Crashed {at}.");
        }
    }

    /// <summary>Runs as the last hosted service, after the orchestrator's start.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (place is not ("service" or "after-start" or "fail-fast"))
        {
            return;
        }

        await Until.TrueAsync(() => HostProcess.IsComplete(pidFile!));
        Reach("service");
        if (IsWanted("fail-fast"))
        {
            Environment.FailFast("Crashed.");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
