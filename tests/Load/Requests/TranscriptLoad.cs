using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AiPlatform.Load.Seeding;
using AiPlatform.Tests.Common;

namespace AiPlatform.Load.Requests;

/// <summary>The search through transcripts of nobody's choice: the newest of a large practice, by its owner and by those who treat some of its clients.</summary>
internal sealed class TranscriptLoad(LoadArguments arguments) : ILoad
{
    private const int Callers = 8;
    private const double MostMilliseconds = 1_000;
    private const double MostMegabytes = 400;

    public string Name => "transcripts";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        await using var server = await SeededServer.OpenAsync(arguments.DataFolder, cancellationToken);
        var plan = await server.FindPlanAsync(cancellationToken) ?? throw new InvalidOperationException($"Nothing is seeded in {arguments.DataFolder}: run seed first.");
        var practice = plan.Practices[0];
        await using var trail = await SeededTrail.RememberAsync(server, practice, cancellationToken);
        await using var bare = await ServiceProcess.StartAsync(
            "Load", [BareEndpoint.Argument], new Dictionary<string, string> { ["ConnectionStrings:practicedb"] = server.ConnectionString }, cancellationToken);
        await using var api = await ApiUnderLoad.StartAsync(server, cancellationToken);
        var owner = await api.SignInAsync(practice, "owner", 0, cancellationToken);
        List<Caller> practitioners = [];
        for (var number = 0; number < Callers; number++)
        {
            practitioners.Add(await api.SignInAsync(practice, "practitioner", number % practice.Practitioners, cancellationToken));
        }

        using var bareClient = ApiUnderLoad.NewClient(bare.Url);
        var nobody = new Caller(bareClient, Token: null);
        Task BareAsync(int caller, CancellationToken token) => nobody.GetAsync($"/sessions?practiceId={practice.Id}&limit=20", token);
        Latency Of(int callers) => new(callers, new(bare.ProcessId, server.ProcessId), new(api.ProcessId, server.ProcessId));
        return
        [
            .. await Of(1).MeasureAsync(
                "the whole practice, 1 caller", BareAsync, (_, token) => SearchAsync(owner, token), MostMilliseconds, leastRatio: null, cancellationToken),
            .. await Of(1).MeasureAsync(
                "own clients, 1 caller", BareAsync, (caller, token) => SearchAsync(practitioners[caller], token), MostMilliseconds, leastRatio: null, cancellationToken),
            .. await Of(Callers).MeasureAsync(
                $"the whole practice, {Callers} callers", BareAsync, (_, token) => SearchAsync(owner, token), mostMilliseconds: null, leastRatio: null, cancellationToken),
            Peak(api.ProcessId),
            await ReachAsync(owner, cancellationToken),
        ];
    }

    private static Figure Peak(int processId)
    {
        using var process = Process.GetProcessById(processId);
        var megabytes = process.PeakWorkingSet64 / 1024d / 1024;
        return new(
            "memory of the service, at most", string.Create(CultureInfo.InvariantCulture, $"{megabytes:0} MB"), "", "",
            string.Create(CultureInfo.InvariantCulture, $"under {MostMegabytes} MB"), megabytes < MostMegabytes);
    }

    private static async Task<Figure> ReachAsync(Caller caller, CancellationToken cancellationToken)
    {
        using var answer = JsonDocument.Parse(await SearchAsync(caller, cancellationToken));
        var (searched, segments) = (answer.RootElement.GetProperty("searched").GetInt32(), answer.RootElement.GetProperty("segments").GetInt32());
        return new(
            "what one search of the whole practice reads", string.Create(CultureInfo.InvariantCulture, $"{searched:#,0} sessions, {segments:#,0} segments"), "", "", "",
            IsKept: true);
    }

    private static Task<byte[]> SearchAsync(Caller caller, CancellationToken cancellationToken) =>
        caller.PostAsync("/api/v1/sessions/semantic-search", new { query = Uri.UnescapeDataString(AskedFor.Keywords()), similarityThreshold = 0.2 }, cancellationToken);
}
