using AiPlatform.Load.Seeding;
using AiPlatform.Tests.Common;

namespace AiPlatform.Load.Requests;

/// <summary>
/// What people of a large practice wait for: the service in Release on the seeded practice, 32 callers at a time, beside an endpoint that does
/// nothing but read and write.
/// </summary>
internal sealed class ApiLoad(LoadArguments arguments) : ILoad
{
    private const int Callers = 32;
    private const double MostMilliseconds = 50;
    private const double LeastOfBare = 0.5;

    public string Name => "api";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        await using var server = await SeededServer.OpenAsync(arguments.DataFolder, cancellationToken);
        var plan = await server.FindPlanAsync(cancellationToken) ?? throw new InvalidOperationException($"Nothing is seeded in {arguments.DataFolder}: run seed first.");
        var practice = plan.Practices[0];
        await using var trail = await SeededTrail.RememberAsync(server, practice, cancellationToken);
        await using var bare = await ServiceProcess.StartAsync(
            "Load",
            [BareEndpoint.Argument],
            new Dictionary<string, string> { ["ConnectionStrings:practicedb"] = server.ConnectionString },
            cancellationToken);
        await using var api = await ApiUnderLoad.StartAsync(server, cancellationToken);

        List<Caller> practitioners = [];
        for (var number = 0; number < Callers; number++)
        {
            practitioners.Add(await api.SignInAsync(practice, "practitioner", number % practice.Practitioners, cancellationToken));
        }

        var owner = await api.SignInAsync(practice, "owner", 0, cancellationToken);
        var asked = await AskedFor.ReadAsync(server, practice, cancellationToken);
        using var bareClient = ApiUnderLoad.NewClient(bare.Url);
        var nobody = new Caller(bareClient, Token: null);
        Latency Of(int callers) => new(callers, new(bare.ProcessId, server.ProcessId), new(api.ProcessId, server.ProcessId));

        List<Figure> figures = [];
        async Task MeasureAsync(string what, Func<int, string> path, bool byOwner = false, double? most = MostMilliseconds, double? least = null, int callers = Callers)
        {
            if (!what.Contains(arguments.Only, StringComparison.Ordinal))
            {
                return;
            }

            var measured = await Of(callers).MeasureAsync(
                what,
                (_, token) => nobody.GetAsync($"/sessions?practiceId={practice.Id}&limit=20", token),
                (caller, token) => (byOwner ? owner : practitioners[caller]).GetAsync(path(caller), token),
                most, least, cancellationToken);
            Table.Write(what, measured);
            figures.AddRange(measured);
        }

        await MeasureAsync("session list", _ => "/api/v1/sessions?limit=20", byOwner: true, most: null, least: LeastOfBare);
        await MeasureAsync("client search, own clients", caller => asked.SearchOf(caller % practice.Practitioners));
        await MeasureAsync("client search, whole practice", _ => asked.SearchOf(Random.Shared.Next(practice.Practitioners)), byOwner: true);
        await MeasureAsync("client summary", caller => $"/api/v1/clients/{asked.ClientOf(caller % practice.Practitioners)}/summary");
        await MeasureAsync("session read", caller => $"/api/v1/sessions/{asked.SessionOf(caller % practice.Practitioners)}?includeSegments=true");
        await MeasureAsync("day view", _ => "/api/v1/practitioners/me/today?timezone=Europe/London");
        await MeasureAsync("session search with its total, whole practice", _ => "/api/v1/sessions/search?limit=20", byOwner: true, most: null);
        await MeasureAsync("session search with its total, own clients", _ => "/api/v1/sessions/search?limit=20", most: null);
        await MeasureAsync("session search by keywords, 2 callers", _ => $"/api/v1/sessions/search?limit=20&keywords={AskedFor.Keywords()}", most: null, callers: 2);

        var longest = practice.ClientIdOf(0);
        var first = practice.IdOf(SeedKind.Assignment, 0, practice.StartOf(0).ToDateTime(new(17, 0), DateTimeKind.Utc));
        PagedList[] lists =
        [
            new("clients", owner, "/api/v1/clients?limit=5"),
            new("clients, own", practitioners[0], "/api/v1/clients?limit=1", Page: 50),
            new("sessions", owner, "/api/v1/sessions?limit=20"),
            new("sessions, own", practitioners[0], "/api/v1/sessions?limit=2"),
            new("homework of a client", owner, $"/api/v1/clients/{longest}/homework?limit=1"),
            new("results of an assignment", owner, $"/api/v1/homework/assignments/{first}/results?limit=1", Page: 366),
            new("moods of a client", owner, $"/api/v1/clients/{longest}/mood?days=366&limit=1"),
            new("audit events", owner, "/api/v1/audit/events?limit=50"),
            new("FHIR patients", owner, "/fhir/Patient?_count=20"),
            new("FHIR encounters", owner, "/fhir/Encounter?_count=50"),
        ];
        foreach (var list in lists.Where(list => list.What.Contains(arguments.Only, StringComparison.Ordinal)))
        {
            figures.Add(await Paging.CompareAsync(list, cancellationToken));
        }

        return figures;
    }
}
