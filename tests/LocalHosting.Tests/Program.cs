using Aspire.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.LocalHosting.Tests;

/// <summary>Started again by its own tests: as a web service, or as an AppHost.</summary>
internal static class Program
{
    public static void Main(string[] args)
    {
        if (args is ["web"])
        {
            RunWeb();
            return;
        }

        var builder = DistributedApplication.CreateBuilder(args);
        Graph.Add(builder);
        builder.Build().Run();
    }

    private static void RunWeb()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.MapGet("/health", () => Results.Ok());
        app.MapGet("/pid", () => Environment.ProcessId);
        app.MapGet("/environment", () => Environment.GetEnvironmentVariables().Keys.Cast<string>().ToDictionary(k => k, Environment.GetEnvironmentVariable));
        app.Run();
    }
}
