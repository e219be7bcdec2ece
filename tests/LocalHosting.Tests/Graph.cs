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
            case "servers":
                AddServers(builder, builder.Configuration["RunFile"]!);
                break;
            case "hanging":
                Thread.Sleep(Timeout.Infinite);
                break;
            case "broken":
                throw new DistributedApplicationException("This graph is broken.");
            default:
                AddProduct(builder);
                break;
        }
    }

    // Each tells its process and its child; the second does not listen.
    private static void AddSleepers(IDistributedApplicationBuilder builder, string pidFile)
    {
        var sleeper = builder.AddExecutable("sleeper", "/bin/sh", "/", "-c", "sleep 1000 & echo $$ $! >> $PIDS; wait").WithEnvironment("PIDS", pidFile);
        builder.AddExecutable("snorer", "/bin/sh", "/", "-c", "trap '' TERM; sleep 1000 & echo $$ $! >> $PIDS; echo $FOLDER >> $PIDS; wait; sleep 1000")
            .WithEnvironment("PIDS", pidFile)
            .WithEnvironment("FOLDER", () => RunFolder(builder))
            .WaitForStart(sleeper);
    }

    // Tells where its servers are once they are healthy.
    private static void AddServers(IDistributedApplicationBuilder builder, string runFile)
    {
        var redis = builder.AddRedis("redis").WithDataVolume();
        var chatDb = builder.AddMySql("mysql").WithDataVolume().AddDatabase("chatdb", "chat");
        builder.AddExecutable("reporter", "/bin/sh", "/", "-c", "printf '%s\\n' \"$FOLDER\" \"$ConnectionStrings__redis\" \"$ConnectionStrings__chatdb\" > $RUN.new; mv $RUN.new $RUN; sleep 1000")
            .WithEnvironment("RUN", runFile)
            .WithEnvironment("FOLDER", () => RunFolder(builder))
            .WithReference(redis).WaitFor(redis)
            .WithReference(chatDb).WaitFor(chatDb);
    }

    private static string RunFolder(IDistributedApplicationBuilder builder) => Aspire.Hosting.Processes.DataFolders.Of(builder).RunFolder;

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
