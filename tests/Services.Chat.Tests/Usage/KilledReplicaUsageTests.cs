using System.Collections.Concurrent;
using System.Net.Http.Json;
using AiPlatform.Tests.Common;
using Xunit.Abstractions;

namespace AiPlatform.Services.Chat.Tests.Usage;

public sealed class KilledReplicaUsageTests(ITestOutputHelper output)
{
    private const int Clients = 8;
    private const int QueueLength = 16;
    private const int BeforeTheKill = 300;

    [Fact]
    public async Task Kill_UnderLoad_LosesWhatWasUnderWayAndNoMore()
    {
        await using var rig = await UsageRig.StartForProcessesAsync(("Usage:ClaimSeconds", "1"));
        await using var issuer = await JwksServer.StartAsync(rig.Host.Tokens);
        await using var doomed = await ServiceProcess.StartAsync("Services.Chat", new Dictionary<string, string>(rig.Host.Settings)
        {
            ["Auth:Authority"] = issuer.Url,
            ["Usage:QueueLength"] = $"{QueueLength}",
        });
        var answered = new ConcurrentBag<string>();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var clients = Enumerable.Range(0, Clients).Select(_ => CallUntilItIsGoneAsync(rig, doomed.Url, answered, enough)).ToList();
        await enough.Task.WaitAsync(Eventually.Timeout);
        await doomed.KillAsync();
        await Task.WhenAll(clients);

        // What the dead one had taken to write is claimed by the other.
        await Eventually.BecomesTrueAsync(async () => await rig.StreamLengthAsync() == 0, "all that was in Redis is written");
        var rows = (await UsageRig.ReadAsync(rig.Host)).Select(row => row.RequestId).ToList();
        var (asked, lost) = (rig.Model.Requests.Count, answered.Except(rows).Count());
        output.WriteLine($"{asked} asked of the provider, {answered.Count} answered, {rows.Count} rows, {lost} answered and lost.");
        Assert.Equal(rows.Count, rows.Distinct().Count());
        Assert.InRange(lost, 0, QueueLength + Clients);
        Assert.InRange(asked - rows.Count, 0, QueueLength + Clients);
        Assert.True(rows.Except(answered).Count() <= Clients);
    }

    private static async Task CallUntilItIsGoneAsync(UsageRig rig, Uri url, ConcurrentBag<string> answered, TaskCompletionSource enough)
    {
        using var client = new HttpClient { BaseAddress = url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", rig.Host.Tokens.Issue(rig.User));
        try
        {
            while (true)
            {
                using var response = await client.PostAsJsonAsync("/v1/chat/completions", UsageRig.Request());

                // Refused while as many wait as may: not asked of the provider.
                if (response.IsSuccessStatusCode)
                {
                    answered.Add(response.Headers.GetValues("X-Request-Id").Single());
                }

                if (answered.Count >= BeforeTheKill)
                {
                    enough.TrySetResult();
                }
            }
        }
        catch (HttpRequestException)
        {
            // It was killed.
        }
    }
}
