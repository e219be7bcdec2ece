using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace AiPlatform.LocalHosting.Tests;

public sealed class ModelTests
{
    [Theory]
    [InlineData("1st", "Name must start with an ASCII letter.")]
    [InlineData("-a", "Name must start with an ASCII letter.")]
    [InlineData("a-", "Name cannot end with a hyphen.")]
    [InlineData("a--b", "Name cannot contain consecutive hyphens.")]
    [InlineData("a_b", "Name must contain only ASCII letters, digits, and hyphens.")]
    [InlineData("grün", "Name must contain only ASCII letters, digits, and hyphens.")]
    [InlineData("a1234567890123456789012345678901234567890123456789012345678901234", "Name must be between 1 and 64 characters long.")]
    public void AddResource_InvalidName_SaysWhatIsWrong(string name, string why)
    {
        var exception = Assert.Throws<ArgumentException>(() => TestHosts.Create().AddShell(name, "true"));

        Assert.Equal($"Resource name '{name}' is invalid. {why} (Parameter 'name')", exception.Message);
    }

    [Fact]
    public void AddResource_EmptyName_Throws() => Assert.Throws<ArgumentException>(() => TestHosts.Create().AddShell("", "true"));

    [Fact]
    public void AddResource_NameInUseInOtherCase_Throws()
    {
        var builder = TestHosts.Create();
        builder.AddShell("api", "true");

        var exception = Assert.Throws<DistributedApplicationException>(() => builder.AddShell("API", "true"));

        Assert.Equal(
            "Cannot add resource of type 'Aspire.Hosting.ApplicationModel.ExecutableResource' with name 'API' because resource of type "
            + "'Aspire.Hosting.ApplicationModel.ExecutableResource' with that name already exists. Resource names are case-insensitive.",
            exception.Message);
    }

    [Fact]
    public void WithHttpEndpoint_NameInUse_Throws()
    {
        var api = TestHosts.Create().AddShell("api", "true").WithHttpEndpoint();

        Assert.Throws<DistributedApplicationException>(() => api.WithHttpEndpoint());
    }

    [Fact]
    public async Task AddParameter_MissingValue_IsShownAndFailsItsUser()
    {
        var builder = TestHosts.Create();
        var key = builder.AddParameter("model-key", secret: true);
        builder.AddShell("service", "sleep 60").WithEnvironment("KEY", key);
        await using var app = await builder.StartAsync();

        var parameter = await app.ResourceNotifications.WaitForResourceAsync("model-key", e => e.Snapshot.State?.Text == "ValueMissing", TestHosts.InTime());
        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.ResourceNotifications.WaitForResourceHealthyAsync("service", TestHosts.InTime()));

        Assert.NotNull(parameter);
        Assert.EndsWith(
            "Failed to start: Parameter resource could not be used because configuration key 'Parameters:model-key' is missing and the Parameter has no default value.",
            exception.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Parameters:model-key=abc")]
    [InlineData("--Parameters:model_key=abc")]
    public async Task AddParameter_Configured_ReachesTheProcess(string argument)
    {
        var builder = TestHosts.Create(argument);
        var key = builder.AddParameter("model-key", secret: true);
        builder.AddShell("service", "echo key is $KEY").WithEnvironment("KEY", key);
        await using var app = await builder.StartAsync();
        await app.WaitForEndAsync("service");

        Assert.Contains("key is abc", await app.LogAsync("service"));
    }

    [Fact]
    public async Task WithEnvironment_Expression_IsFilledAtStart()
    {
        var builder = TestHosts.Create();
        var api = builder.AddShell("api", "sleep 60").WithHttpEndpoint(env: "PORT");
        builder.AddShell("service", "echo address is $ADDRESS").WithEnvironment("ADDRESS", $"{api.GetEndpoint("http")}/v1?{"{literal}"}");
        await using var app = await builder.StartAsync();
        await app.WaitForEndAsync("service");

        Assert.Contains($"address is {api.GetEndpoint("http").Url}/v1?{{literal}}", await app.LogAsync("service"));
    }

    [Fact]
    public async Task ConnectionString_Configured_ReplacesTheServer()
    {
        var builder = TestHosts.Create("--ConnectionStrings:redis=elsewhere:6379,password=x,ssl=true", "--ConnectionStrings:chatdb=Server=elsewhere;Database=chat");
        var redis = builder.AddRedis("redis");
        var chatDb = builder.AddMySql("mysql").AddDatabase("chatdb", "chat");
        builder.AddShell("service", "echo $ConnectionStrings__redis $ConnectionStrings__chatdb; sleep 60").WithReference(redis).WithReference(chatDb).WaitFor(redis);
        await using var app = await builder.StartAsync();

        await app.WaitForLineAsync("service", "elsewhere:6379,password=x,ssl=true Server=elsewhere;Database=chat");

        Assert.DoesNotContain(app.Snapshot("redis").Properties, p => p.Name == "executable.pid");
        Assert.DoesNotContain(app.Snapshot("mysql").Properties, p => p.Name == "executable.pid");
    }

    [Theory]
    [InlineData("redis", "'redis-server'", "redis-server", "redis")]
    [InlineData("mysql", "'mariadbd' or 'mysqld'", "mariadb-server", "mariadb")]
    public async Task Start_MissingProgram_NamesItAndItsInstallation(string server, string programs, string apt, string brew)
    {
        var builder = TestHosts.Create("--LocalHosting:ServerPath=/nowhere");
        if (server == "redis")
        {
            builder.AddRedis("server");
        }
        else
        {
            builder.AddMySql("server");
        }

        await using var app = builder.Build();

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.StartAsync(TestHosts.InTime()));

        Assert.Equal(
            $"Resource 'server' needs the program {programs}, which is not on this machine. "
            + $"Install it with '{(OperatingSystem.IsMacOS() ? $"brew install {brew}" : $"apt-get install {apt}")}'.",
            exception.Message);
    }

    [Fact]
    public async Task Start_FixedPortInUse_NamesResourceAndPort()
    {
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;
        var builder = TestHosts.Create();
        builder.AddShell("api", "sleep 60").WithHttpEndpoint(port: port, env: "PORT");
        await using var app = builder.Build();

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.StartAsync(TestHosts.InTime()));

        Assert.Equal($"Port {port} of endpoint 'http' of resource 'api' is in use by another program.", exception.Message);
    }
}
