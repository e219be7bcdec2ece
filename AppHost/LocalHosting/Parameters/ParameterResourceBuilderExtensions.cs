using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

public static class ParameterResourceBuilderExtensions
{
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, bool secret = false) =>
        Add(builder, new ParameterResource(name, _ => Configured(builder.Configuration, $"Parameters:{name}") ?? throw Missing($"Parameters:{name}"), secret));

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddParameter(name, () => value, publishValueAsDefault, secret);

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, Func<string> valueGetter, bool publishValueAsDefault = false, bool secret = false) =>
        Add(builder, new ParameterResource(name, _ => valueGetter(), secret));

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, ParameterDefault value, bool secret = false, bool persist = false)
    {
        var parameter = Generated(builder, name, secret, value, persist);
        return Add(builder, parameter);
    }

    public static IResourceBuilder<ParameterResource> AddParameterFromConfiguration(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string configurationKey, bool secret = false) =>
        Add(builder, new ParameterResource(name, _ => Configured(builder.Configuration, configurationKey) ?? throw Missing(configurationKey), secret));

    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string? environmentVariableName = null) =>
        builder.AddResource(new ConfiguredConnectionStringResource(name, environmentVariableName, builder.Configuration));

    public static ParameterResource CreateDefaultPasswordParameter(
        IDistributedApplicationBuilder builder,
        string name,
        bool lower = true,
        bool upper = true,
        bool numeric = true,
        bool special = true,
        int minLower = 0,
        int minUpper = 0,
        int minNumeric = 0,
        int minSpecial = 0)
    {
        var generated = new GenerateParameterDefault
        {
            MinLength = 22,
            Lower = lower,
            Upper = upper,
            Numeric = numeric,
            Special = special,
            MinLower = minLower,
            MinUpper = minUpper,
            MinNumeric = minNumeric,
            MinSpecial = minSpecial,
        };
        return Generated(builder, name, secret: true, generated, persist: true);
    }

    internal static MissingParameterValueException Missing(string key) => new(
        $"Parameter resource could not be used because configuration key '{key}' is missing and the Parameter has no default value.");

    // A password goes with the data it opens, so a kept one lives in the data folder, not in the user's secrets.
    private static ParameterResource Generated(IDistributedApplicationBuilder builder, string name, bool secret, ParameterDefault value, bool persist)
    {
        var parameter = new ParameterResource(
            name,
            fallback => Configured(builder.Configuration, $"Parameters:{name}")
                ?? (persist ? DataFolders.Of(builder).KeptSecret($"Parameters:{name}", fallback!.GetDefaultValue) : fallback!.GetDefaultValue()),
            secret)
        {
            Default = value,
        };
        return parameter;
    }

    private static string? Configured(ConfigurationManager configuration, string key) =>
        configuration[key] ?? configuration[key.Replace('-', '_')];

    private static IResourceBuilder<ParameterResource> Add(IDistributedApplicationBuilder builder, ParameterResource parameter) => builder.AddResource(parameter);
}

internal sealed class ConfiguredConnectionStringResource(string name, string? environmentVariable, IConfiguration configuration)
    : Resource(name), IResourceWithConnectionString
{
    public string? ConnectionStringEnvironmentVariable { get; } = environmentVariable;

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{configuration.GetConnectionString(Name)}");

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        new(configuration.GetConnectionString(Name) ?? throw ParameterResourceBuilderExtensions.Missing($"ConnectionStrings:{Name}"));
}
