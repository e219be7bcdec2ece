using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.Services.Api.Tests.OpenApi;
using AiPlatform.Tests.Common;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests;

/// <summary>The real service on a database of its own, with the sample practices in it. One for each test class.</summary>
public class ApiFactory : WebApplicationFactory<Program>, IAsyncLifetime
{
    public const string ServiceId = "chat";
    public const string ServiceSecret = "a-secret-that-only-tests-know";

    public static readonly Guid PracticeA = new("0a000000-0000-7000-8000-000000000001");
    public static readonly Guid PracticeB = new("0b000000-0000-7000-8000-000000000001");
    public static readonly Guid MayaLindqvist = new("0a000000-0000-7000-8000-000000000301");
    public static readonly Guid TomOkafor = new("0a000000-0000-7000-8000-000000000302");
    public static readonly Guid TomBeaumont = new("0b000000-0000-7000-8000-000000000305");

    private string? _connectionString;
    private TimeProvider? _time;

    public ApiFactory()
    {
    }

    /// <summary>On a database that is there already.</summary>
    protected ApiFactory(string connectionString) => _connectionString = connectionString;

    public string ConnectionString => _connectionString ?? throw new InvalidOperationException("The factory was not initialised.");

    /// <summary>Settings of a derived factory.</summary>
    protected virtual IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

    /// <summary>Null for the machine's own clock.</summary>
    protected virtual TimeProvider? Time => _time;

    public async Task InitializeAsync() => _connectionString ??= await (await DataServers.StartAsync()).CreateDatabaseAsync("practice");

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    /// <summary>Another replica on the same database, at the same time.</summary>
    public ApiFactory CreateReplica() => new() { _connectionString = ConnectionString, _time = Time };

    /// <summary>On a database of the test's own.</summary>
    public static ApiFactory On(string connectionString) => new() { _connectionString = connectionString };

    public async Task<HttpClient> CreateClientAsync(string email, string password)
    {
        var client = CreateClient();
        var login = await client.PostAsJsonAsync("/api/v1/auth/login", new { email, password });
        login.EnsureSuccessStatusCode();
        var answer = await login.Content.ReadFromJsonAsync<JsonElement>();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", answer.GetProperty("data").GetProperty("accessToken").GetString());
        return client;
    }

    /// <summary>Signs in one of the sample practices' people.</summary>
    public Task<HttpClient> CreateClientAsync(SamplePerson person) => person switch
    {
        SamplePerson.Nora => CreateClientAsync("nora.berg@harbourlane.example", "demo-password-1"),
        SamplePerson.OwnerA => CreateClientAsync("ingrid.solheim@harbourlane.example", "demo-password-4"),
        SamplePerson.ReceptionA => CreateClientAsync("josie.calder@harbourlane.example", "demo-password-5"),
        SamplePerson.MayaLindqvist => CreateClientAsync("maya.lindqvist@mail.example", "demo-password-6"),
        SamplePerson.Daniel => CreateClientAsync("daniel.osei@harbourlane.example", "demo-password-2"),
        SamplePerson.Helen => CreateClientAsync("helen.marsh@northfield.example", "demo-password-11"),
        SamplePerson.OwnerB => CreateClientAsync("gareth.pryce@northfield.example", "demo-password-13"),
        _ => Task.FromResult(CreateClient()),
    };

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("ConnectionStrings:practicedb", ConnectionString);
        builder.UseSetting("ConnectionStrings:redis", DataServers.StartAsync().GetAwaiter().GetResult().RedisConnectionString);
        builder.UseSetting("Auth:Services:0:Id", ServiceId);
        builder.UseSetting("Auth:Services:0:Secret", ServiceSecret);
        foreach (var (name, value) in Settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureTestServices(ContractGuard.Watch);
        if (Time is { } time)
        {
            builder.ConfigureTestServices(services => services.AddSingleton(time));
        }
    }
}

public enum SamplePerson
{
    Nobody,
    Nora,
    Daniel,
    OwnerA,
    ReceptionA,
    MayaLindqvist,
    Helen,
    OwnerB,
}
