using AiPlatform.Load;
using AiPlatform.Load.Dashboard;
using AiPlatform.Load.Gateway;
using AiPlatform.Load.Requests;
using AiPlatform.Load.Seeding;

if (args is [BareEndpoint.Argument])
{
    await BareEndpoint.RunAsync();
    return 0;
}

if (args is [ModelStandIn.Argument])
{
    await ModelStandIn.RunAsync();
    return 0;
}

if (args is [DashboardProcess.Argument, .. var hostArguments])
{
    await DashboardProcess.RunAsync(hostArguments);
    return 0;
}

// dotnet run -c Release --project tests/Load -- data runs
var arguments = LoadArguments.Parse(args);
ILoad[] loads = arguments is null ? [] : [new DataLoad(), new RunsLoad(), new SeedLoad(arguments), new ApiLoad(arguments), new ImportLoad(arguments), new TranscriptLoad(arguments), new GatewayLoad(arguments), new DashboardLoad()];
var chosen = loads.Where(load => arguments!.Names.Contains(load.Name)).ToList();
if (chosen.Count == 0 || chosen.Count != arguments!.Names.Distinct().Count())
{
    Console.Error.WriteLine($"Say which loads to run: data, runs, seed, api, import, transcripts, gateway, dashboard {LoadArguments.Usage}.");
    return 2;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};

var areAllKept = true;
foreach (var load in chosen)
{
    var figures = await load.RunAsync(interrupted.Token);
    Table.Write(load.Name, figures);
    areAllKept &= figures.All(figure => figure.IsKept);
}

return areAllKept ? 0 : 1;
