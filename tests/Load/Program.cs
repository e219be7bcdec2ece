using AiPlatform.Load;

// dotnet run -c Release --project tests/Load -- data runs
ILoad[] loads = [new DataLoad(), new RunsLoad()];

var chosen = loads.Where(load => args.Contains(load.Name)).ToList();
if (chosen.Count == 0 || chosen.Count != args.Distinct().Count())
{
    Console.Error.WriteLine($"Say which loads to run: {string.Join(", ", loads.Select(load => load.Name))}.");
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
