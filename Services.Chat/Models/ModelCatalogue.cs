using AiPlatform.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Models;

/// <summary>The groups that are configured, and always the embedded model by its own name.</summary>
internal sealed class ModelCatalogue
{
    private static readonly Uri OpenAiUrl = new("https://api.openai.com/v1");

    // What a server without keys gets to see; the SDK insists on sending one.
    private const string NoKey = "none";

    private readonly string _default;

    public ModelCatalogue(IOptions<ModelOptions> options)
    {
        _default = options.Value.Default;
        Groups = Build(options.Value);
        Find(null);
    }

    public IReadOnlyList<ModelGroup> Groups { get; }

    /// <param name="model">A group's name or alias; null or empty takes the default.</param>
    /// <exception cref="DomainException">model.unknown</exception>
    public ModelGroup Find(string? model)
    {
        var name = string.IsNullOrWhiteSpace(model) ? _default : model;

        return Groups.FirstOrDefault(group => string.Equals(group.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? Groups.FirstOrDefault(group => group.Answers(name))
            ?? throw new DomainException(DomainErrorKind.NotFound, "model.unknown", $"There is no model '{name}'.");
    }

    private static List<ModelGroup> Build(ModelOptions options)
    {
        var groups = options.Groups
            .Select(group => new ModelGroup(group.Name, group.Aliases, group.Provider, group.Provider == ModelProvider.Local
                ? null
                : Endpoint(group.BaseUrl, group.Model, group.ApiKey, group.TimeoutSeconds)))
            .ToList();

        if (!groups.Any(group => group.Answers(options.Default)))
        {
            groups.Insert(0, options.OpenAi.IsConfigured
                ? new(options.Default, Aliases(options.OpenAi.Model, options.Default), ModelProvider.OpenAi, Endpoint(options.OpenAi.BaseUrl, options.OpenAi.Model, options.OpenAi.ApiKey, options.OpenAi.TimeoutSeconds))
                : new(options.Default, Aliases(ModelProvider.Local, options.Default), ModelProvider.Local, null));
        }

        if (!groups.Any(group => group.Answers(ModelProvider.Local)))
        {
            groups.Add(new(ModelProvider.Local, [], ModelProvider.Local, null));
        }

        return groups;
    }

    private static IReadOnlyList<string> Aliases(string? alias, string name) =>
        alias is null || string.Equals(alias, name, StringComparison.OrdinalIgnoreCase) ? [] : [alias];

    private static ModelEndpoint Endpoint(Uri? baseUrl, string? model, string? apiKey, int timeoutSeconds) =>
        new(
            baseUrl ?? OpenAiUrl,
            string.IsNullOrWhiteSpace(model) ? throw new OptionsValidationException(nameof(ModelOptions), typeof(ModelOptions), ["A configured model server needs the name of its model (Models:OpenAi:Model or Models:Groups:n:Model)."]) : model,
            string.IsNullOrWhiteSpace(apiKey) ? NoKey : apiKey,
            TimeSpan.FromSeconds(timeoutSeconds));
}
