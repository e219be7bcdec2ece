using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Tests.Common;

namespace AiPlatform.Load.Gateway;

/// <summary>The chat service as a process of its own, with all that it does: tokens verified, limits, usage, budgets, telemetry, Redis and MariaDB.</summary>
internal sealed class OurGateway : IAsyncDisposable
{
    private readonly ServiceProcess _process;
    private readonly JwksServer _issuer;
    private readonly TokenFactory _tokens;
    private readonly string _catalogue;

    private OurGateway(ServiceProcess process, JwksServer issuer, TokenFactory tokens, string catalogue) =>
        (_process, _issuer, _tokens, _catalogue) = (process, issuer, tokens, catalogue);

    public int ProcessId => _process.ProcessId;

    public GatewayTarget Target => new(
        "ours", _process.Url.Port, "/v1/chat/completions", ProcessId,
        ("Authorization", $"Bearer {_tokens.Issue(UserRole.Practitioner, Guid.CreateVersion7(), lifetime: TimeSpan.FromHours(2))}"));

    /// <param name="model">The port of the server that answers at once.</param>
    /// <param name="standIn">The port of the one that takes its time, and takes telemetry.</param>
    /// <param name="heapLimit">Of the service's heap, in bytes; null for none.</param>
    public static async Task<OurGateway> StartAsync(int model, int standIn, bool withTelemetry, string? heapLimit, CancellationToken cancellationToken)
    {
        var servers = await DataServers.StartAsync();
        var tokens = new TokenFactory();
        var issuer = await JwksServer.StartAsync(tokens);
        var catalogue = Path.Combine(Path.GetTempPath(), $"load-{Guid.CreateVersion7():N}.yaml");
        await File.WriteAllTextAsync(catalogue, Catalogue(model, standIn), cancellationToken);
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ConnectionStrings:chatdb"] = await servers.CreateDatabaseAsync("load", cancellationToken),
            ["ConnectionStrings:redis"] = servers.RedisConnectionString,
            ["Auth:Authority"] = issuer.Url,
            ["MODELS_CONFIG"] = catalogue,
            ["Gateway:Cache:Key"] = "a secret of the load, long enough for it",
        };

        if (heapLimit is not null)
        {
            settings["DOTNET_GCHeapHardLimit"] = heapLimit;
        }

        if (withTelemetry)
        {
            settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{standIn}";
            settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
            settings["OTEL_SERVICE_NAME"] = "chat";
        }

        return new(await ServiceProcess.StartAsync("Services.Chat", settings, cancellationToken), issuer, tokens, catalogue);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _issuer.DisposeAsync();
        _tokens.Dispose();
        File.Delete(_catalogue);
    }

    // Limits that count and are not reached.
    private static string Catalogue(int model, int standIn) => $$"""
        groups:
          - name: fast
            cache: off
            price: { input: 2.5, output: 10, per_tokens: 1000000 }
            endpoints: [{ base_url: "http://127.0.0.1:{{model}}/v1", key: k, model: load, limits: { concurrency: 2000, rpm: 10000000 } }]
          - name: kept
            cache: { ttl: 1h }
            endpoints: [{ base_url: "http://127.0.0.1:{{model}}/v1", key: k, model: load }]
        {{string.Concat(Stands.Select(name => $$"""
              - name: {{name}}
                cache: off
                price: { input: 2.5, output: 10, per_tokens: 1000000 }
                endpoints: [{ base_url: "http://127.0.0.1:{{standIn}}/v1", key: k, model: {{name}}, limits: { concurrency: 2000 } }]

            """))}}
        """;

    /// <summary>Models of the stand-in, each a group of its own.</summary>
    private static readonly string[] Stands = [GatewayLoad.ShortStream, GatewayLoad.LongStream, GatewayLoad.Large, GatewayLoad.LargeSlow];
}
