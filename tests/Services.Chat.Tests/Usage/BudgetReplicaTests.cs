using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using Xunit.Abstractions;

namespace AiPlatform.Services.Chat.Tests.Usage;

/// <summary>One budget, several replicas. A call costs 0.0075 USD, and sets aside 0.0102 and the price of its request while it is under way.</summary>
public sealed class BudgetReplicaTests(ITestOutputHelper output)
{
    private const decimal Cost = 0.0075m;

    [Fact]
    public async Task Calls_OnTwoReplicas_SpendAllOfTheBudgetAndNoMoreThanOneCallOverItEach()
    {
        await using var rig = await UsageRig.StartAsync();
        await using var other = rig.Host.StartReplica();
        await rig.SetBudgetAsync("practice", rig.User.PracticeId, "month", 40 * Cost);
        await other.KnowsBudgetAsync(rig);

        var served = (await Task.WhenAll(Enumerable.Range(0, 8).Select(client => CallUntilItIsSpentAsync(rig, client % 2 == 0 ? rig.Host : other)))).Sum();

        output.WriteLine($"{served} calls served.");
        Assert.InRange(served, 40, 42);
        Assert.Equal(served, rig.Model.Requests.Count);
        Assert.Equal(served * Cost, (await rig.RowsAsync(served)).Sum(row => row.CostUsd));
    }

    // A process has the machine's clock, and the month that begins meanwhile has the budget anew: then all is done once more, within it.
    [Fact]
    public async Task Replica_Dies_WhatItHeldComesBack()
    {
        var month = DateTimeOffset.UtcNow.Month;
        try
        {
            await ReplicaDiesAsync();
        }
        catch (Exception) when (DateTimeOffset.UtcNow.Month != month)
        {
            await ReplicaDiesAsync();
        }
    }

    [Fact]
    public async Task Thresholds_ReachedOnTwoReplicas_AreToldOnceEach()
    {
        await using var rig = await UsageRig.StartAsync();
        await using var other = rig.Host.StartReplica();
        await rig.SetBudgetAsync("practice", rig.User.PracticeId, "month", 10 * Cost);
        await other.KnowsBudgetAsync(rig);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(client => CallUntilItIsSpentAsync(rig, client % 2 == 0 ? rig.Host : other)));

        using var owner = rig.Host.CreateClient(rig.Owner);
        JsonElement[] alerts = [];
        await Eventually.BecomesTrueAsync(
            async () => (alerts = [.. (await owner.GetFromJsonAsync<JsonElement>("/api/v1/budgets/alerts")).GetProperty("items").EnumerateArray()]).Length >= 3, "all thresholds are told");
        using var stranger = rig.Host.CreateClient(rig.Owner with { PracticeId = Guid.CreateVersion7() });
        Assert.Empty((await stranger.GetFromJsonAsync<JsonElement>("/api/v1/budgets/alerts")).GetProperty("items").EnumerateArray());
        Assert.Equal(
            new[] { 50, 80, 100 }.Select(threshold => ("practice", rig.User.PracticeId, "month", "2026-11-01", threshold, 10 * Cost)),
            alerts.Select(alert => (
                alert.GetProperty("scope").GetString()!, alert.GetProperty("subjectId").GetGuid(), alert.GetProperty("period").GetString()!,
                alert.GetProperty("periodStart").GetString()!, alert.GetProperty("threshold").GetInt32(), alert.GetProperty("amountUsd").GetDecimal())).OrderBy(alert => alert.Item5));
        Assert.All(alerts, alert => Assert.True(alert.GetProperty("spentUsd").GetDecimal() >= 10 * Cost * alert.GetProperty("threshold").GetInt32() / 100));
    }

    private static async Task ReplicaDiesAsync()
    {
        await using var rig = await UsageRig.StartForProcessesAsync(("Budgets:LeaseSeconds", "8"), ("Budgets:BeatMilliseconds", "200"), ("Budgets:WaitMilliseconds", "2000"));
        await using var issuer = await JwksServer.StartAsync(rig.Host.Tokens);
        await rig.SetBudgetAsync("practice", rig.User.PracticeId, "month", 4 * Cost);
        await using var doomed = await ServiceProcess.StartAsync("Services.Chat", new Dictionary<string, string>(rig.Host.Settings) { ["Auth:Authority"] = issuer.Url });
        var answer = rig.Model.Respond!;
        rig.Model.Respond = _ => ModelReply.Hang();
        using var client = new HttpClient { BaseAddress = doomed.Url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", rig.Host.Tokens.Issue(rig.User));
        var underWay = new List<Task>();
        for (var call = 0; call < 3; call++)
        {
            underWay.Add(client.PostAsJsonAsync("/v1/chat/completions", UsageRig.Request()));
            await rig.Model.NextRequestAsync();
        }

        rig.Model.Respond = answer;
        using var held = await rig.CompleteAsync();
        await doomed.KillAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => Task.WhenAll(underWay));
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                using var response = await rig.CompleteAsync();
                return response.IsSuccessStatusCode;
            },
            "the slices of the dead replica are over");
        var served = 1 + await CallUntilItIsSpentAsync(rig, rig.Host);

        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limit_exceeded", TimeSpan.FromSeconds(8)), (held.StatusCode, await CodeAsync(held), held.Headers.RetryAfter?.Delta));
        Assert.Equal(4, served);
    }

    private static async Task<int> CallUntilItIsSpentAsync(UsageRig rig, ChatHost replica)
    {
        using var client = replica.CreateClient(rig.User);

        for (var served = 0; ;)
        {
            using var response = await client.PostAsJsonAsync("/v1/chat/completions", UsageRig.Request());

            if (response.IsSuccessStatusCode)
            {
                served++;
                continue;
            }

            var code = await CodeAsync(response);

            if (code is "insufficient_quota")
            {
                return served;
            }

            // What is left is set aside for calls of the other: nothing else may be said.
            Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limit_exceeded"), (response.StatusCode, code));
        }
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString();
}
