using AiPlatform.Services.Chat.Models.Providers;

namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>The catalogue of the settings <c>Models</c>: what is configured, and always the embedded model by its own name.</summary>
internal static class SettingsCatalogue
{
    /// <exception cref="InvalidCatalogueException"/>
    public static CatalogueSnapshot Build(ModelOptions options)
    {
        var faults = new List<string>();
        var groups = options.Groups.Select((group, index) => Group(group, $"Models:Groups:{index}", faults)).ToList();

        if (!groups.Any(group => Answers(group, options.Default)))
        {
            groups.Insert(0, options.OpenAi.IsConfigured
                ? Served(options.Default, Aliases(options.OpenAi.Model, options.Default), ModelProvider.OpenAi, options.OpenAi, "Models:OpenAi", faults)
                : Embedded(options.Default, Aliases(ModelProvider.Local, options.Default)));
        }

        if (faults.Count > 0)
        {
            throw new InvalidCatalogueException("settings Models", faults);
        }

        return new(WithLocal(groups), options.Default);
    }

    /// <summary>The embedded model can always be asked for by its name.</summary>
    public static IReadOnlyList<ModelGroup> WithLocal(IReadOnlyList<ModelGroup> groups) =>
        groups.Any(group => Answers(group, ModelProvider.Local)) ? groups : [.. groups, Embedded(ModelProvider.Local, [])];

    private static ModelGroup Group(ModelGroupOptions group, string path, List<string> faults) => group.Provider == ModelProvider.Local
        ? Embedded(group.Name, group.Aliases)
        : Served(group.Name, group.Aliases, group.Provider, group, path, faults);

    private static ModelGroup Embedded(string name, IReadOnlyList<string> aliases) => new()
    {
        Name = name,
        Aliases = aliases,
        Endpoints = [new() { Id = $"{name}|{ModelProvider.Local}", Name = ModelProvider.Local, Provider = ModelProvider.Local, ModelId = ModelProvider.Local }],
    };

    private static ModelGroup Served(string name, IReadOnlyList<string> aliases, string provider, EndpointOptions given, string path, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(given.Model))
        {
            faults.Add($"{path}:Model: a configured model server needs the name of its model.");
        }

        // What these settings bound is the whole call; its parts are not told apart.
        var total = TimeSpan.FromSeconds(given.TimeoutSeconds);
        var vendor = provider != ModelProvider.OpenAi ? Vendors.Other : given.BaseUrl is null ? Vendors.OpenAi : Vendors.At(given.BaseUrl);
        var baseUrl = given.BaseUrl ?? (provider == ModelProvider.OpenAi ? vendor.BaseUrl : null);
        return new()
        {
            Name = name,
            Aliases = aliases,
            Endpoints =
            [
                new()
                {
                    Id = $"{name}|{provider}|{baseUrl}|{given.Model}",
                    Name = name,
                    Provider = provider,
                    Vendor = vendor,
                    BaseUrl = baseUrl,
                    Key = string.IsNullOrWhiteSpace(given.ApiKey) ? null : new(given.ApiKey),
                    ModelId = given.Model ?? "",
                    Timeouts = new() { FirstByte = total, Idle = total, Total = total },
                    Parameters = ModelTraits.Of(reasons: null, given.Model ?? "").Reasons ? vendor.Parameters.With(vendor.ReasoningParameters) : vendor.Parameters,
                },
            ],
        };
    }

    private static bool Answers(ModelGroup group, string name) =>
        string.Equals(group.Name, name, StringComparison.OrdinalIgnoreCase) || group.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static IReadOnlyList<string> Aliases(string? alias, string name) =>
        string.IsNullOrWhiteSpace(alias) || string.Equals(alias, name, StringComparison.OrdinalIgnoreCase) ? [] : [alias];
}
