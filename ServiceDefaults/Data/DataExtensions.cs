using System.Reflection;
using AiPlatform.ServiceDefaults.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.ServiceDefaults.Data;

public static class DataExtensions
{
    /// <summary>
    /// Adds <see cref="Database"/> on the connection string of that name, its health check, and the migrations embedded in
    /// <paramref name="migrations"/> as <c>Data/Migrations/001_name.sql</c>, applied before the service listens when the server is there.
    /// </summary>
    public static WebApplicationBuilder AddMySqlDataSource(this WebApplicationBuilder builder, string connectionName, Assembly migrations)
    {
        DapperHandlers.Register();
        var connectionString = RequireConnectionString(builder, connectionName);
        var services = builder.Services;
        services.AddOptions<DatabaseOptions>().BindConfiguration(DatabaseOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DatabaseOptions>, DatabaseOptionsValidator>();
        services.AddSingleton(provider => new Database(
            connectionString, provider.GetRequiredService<IOptions<DatabaseOptions>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService(provider => new MigrationService(
            provider.GetRequiredService<Database>(),
            new EmbeddedMigrations(migrations),
            provider.GetServices<IAfterMigrations>(),
            TimeSpan.FromSeconds(provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.MigrationTimeoutSeconds),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<MigrationService>>()));
        services.AddHealthChecks().AddCheck<DatabaseHealthCheck>("mysql", tags: [HealthTags.Ready]);
        return builder;
    }

    /// <summary>Adds <see cref="RedisClient"/> on the connection string of that name, and its health check.</summary>
    public static WebApplicationBuilder AddRedisClient(this WebApplicationBuilder builder, string connectionName)
    {
        var connectionString = RequireConnectionString(builder, connectionName);
        builder.Services.AddSingleton(provider => new RedisClient(
            connectionString, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RedisClient>>()));

        // Without Redis a service goes on, with less: it is degraded and still ready.
        builder.Services.AddHealthChecks().AddCheck<RedisHealthCheck>("redis", HealthStatus.Degraded, [HealthTags.Ready]);
        return builder;
    }

    private static string RequireConnectionString(WebApplicationBuilder builder, string name) =>
        builder.Configuration.GetConnectionString(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException(
                $"The connection string '{name}' is missing. The AppHost injects it; to run the service alone set ConnectionStrings__{name}.");
}
