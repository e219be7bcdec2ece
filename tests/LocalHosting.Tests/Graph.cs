using Aspire.Hosting;
using Microsoft.Extensions.Configuration;

namespace AiPlatform.LocalHosting.Tests;

/// <summary>The app model of this assembly's own AppHost: a small copy of the product's.</summary>
internal static class Graph
{
    public static void Add(IDistributedApplicationBuilder builder)
    {
        switch (builder.Configuration["Graph"])
        {
            case "sleepers":
                AddSleepers(builder, builder.Configuration["PidFile"] ?? "/dev/null");
                break;
            case "broken":
                throw new DistributedApplicationException("This graph is broken.");
            default:
                AddProduct(builder);
                break;
        }
    }

    // Each tells its process; the first has a child of its own, the second does not listen.
    private static void AddSleepers(IDistributedApplicationBuilder builder, string pidFile)
    {
        var sleeper = builder.AddExecutable("sleeper", "/bin/sh", "/", "-c", "echo $$ >> $PIDS; sleep 1000 & wait").WithEnvironment("PIDS", pidFile);
        builder.AddExecutable("snorer", "/bin/sh", "/", "-c", "trap '' TERM; echo $$ >> $PIDS; echo $FOLDER >> $PIDS; sleep 1000")
            .WithEnvironment("PIDS", pidFile)
            .WithEnvironment("FOLDER", () => Aspire.Hosting.Processes.DataFolders.Of(builder).RunFolder)
            .WaitForStart(sleeper);
    }

    private static void AddProduct(IDistributedApplicationBuilder builder)
    {
        var redis = builder.AddRedis("redis").WithDataVolume();
        var mysql = builder.AddMySql("mysql").WithDataVolume();
        var practiceDb = mysql.AddDatabase("practicedb", "practice");
        var chatDb = mysql.AddDatabase("chatdb", "chat");

        var api = builder.AddProject<WebProject>("api").WithArgs("web")
            .WithHttpEndpoint()
            .WithReference(practiceDb).WaitFor(practiceDb)
            .WithHttpHealthCheck("/health");
        var documents = builder.AddProject<WebProject>("documents").WithArgs("web")
            .WithHttpEndpoint()
            .WithReference(api).WaitFor(api)
            .WithHttpHealthCheck("/health");
        var chat = builder.AddProject<WebProject>("chat").WithArgs("web")
            .WithHttpEndpoint()
            .WithReference(redis).WaitFor(redis)
            .WithReference(chatDb).WaitFor(chatDb)
            .WithReference(api).WaitFor(api)
            .WithReference(documents)
            .WithHttpHealthCheck("/health")
            .WithReplicas(builder.Configuration.GetValue("Chat:Replicas", 1));
        documents.WithReference(chat);
    }
}

/// <summary>This test assembly as a service project.</summary>
internal sealed class WebProject : IBuiltProjectMetadata
{
    public string ProjectPath => Path.Combine(AppContext.BaseDirectory, "LocalHosting.Tests.csproj");

    public string TargetPath => typeof(WebProject).Assembly.Location;
}
