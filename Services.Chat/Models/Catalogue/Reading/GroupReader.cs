using System.Collections.Frozen;

namespace AiPlatform.Services.Chat.Models.Catalogue.Reading;

internal static class GroupReader
{
    private static readonly Dictionary<string, ModelCapabilities> Capabilities = new(StringComparer.Ordinal)
    {
        ["tools"] = ModelCapabilities.Tools,
        ["vision"] = ModelCapabilities.Vision,
        ["reasoning"] = ModelCapabilities.Reasoning,
        ["json"] = ModelCapabilities.Json,
        ["audio"] = ModelCapabilities.Audio,
    };

    private static readonly Dictionary<string, RoutingStrategy> Strategies = new(StringComparer.Ordinal)
    {
        ["weighted"] = RoutingStrategy.Weighted,
        ["least_busy"] = RoutingStrategy.LeastBusy,
        ["latency"] = RoutingStrategy.Latency,
    };

    private static readonly Dictionary<string, CacheScope> Scopes = new(StringComparer.Ordinal)
    {
        ["user"] = CacheScope.User,
        ["practice"] = CacheScope.Practice,
    };

    private static readonly Dictionary<string, bool> Switches = new(StringComparer.OrdinalIgnoreCase)
    {
        ["true"] = true,
        ["false"] = false,
    };

    private static readonly Dictionary<string, int> PriceUnits = new(StringComparer.Ordinal)
    {
        ["1000"] = ModelPrices.Thousand,
        ["1000000"] = ModelPrices.Million,
    };

    public static ModelGroup Read(SettingReader settings)
    {
        var name = settings.RequiredText("name");
        var capabilities = settings.Words("capabilities", Capabilities) is { } given ? given.Aggregate(ModelCapabilities.None, (all, one) => all | one) : (ModelCapabilities?)null;
        var rules = Rules(settings);
        var group = new ModelGroup
        {
            Name = name,
            Aliases = settings.Texts("aliases") ?? [],
            Capabilities = capabilities,
            Prices = Prices(settings),
            Routing = settings.Word("routing", Strategies) ?? RoutingStrategy.Weighted,
            Cache = Cache(settings),
            Cooldown = settings.Duration("cooldown", TimeSpan.Zero, TimeSpan.FromHours(1)) ?? ModelGroup.DefaultCooldown,
            Endpoints = Endpoints(settings, name, capabilities, rules),
        };
        settings.End();
        return group;
    }

    public static ParameterRules Rules(SettingReader settings)
    {
        if (settings.Child("parameters") is not { } parameters)
        {
            return ParameterRules.None;
        }

        var rules = new ParameterRules
        {
            Rename = parameters.Pairs("rename").ToFrozenDictionary(StringComparer.Ordinal),
            Drop = (parameters.Texts("drop") ?? []).ToFrozenSet(StringComparer.Ordinal),
        };

        foreach (var name in rules.Rename.Keys.Concat(rules.Rename.Values).Concat(rules.Drop).Where(name => name is "model" or "stream" or "messages" or "input").Distinct())
        {
            parameters.Fault(parameters.Path, $"'{name}' is part of every request and stays as it is");
        }

        parameters.End();
        return rules;
    }

    private static IReadOnlyList<ModelEndpoint> Endpoints(SettingReader settings, string group, ModelCapabilities? capabilities, ParameterRules rules)
    {
        var path = Setting.Join(settings.Path, "endpoints");
        var endpoints = settings.Children("endpoints").Select((endpoint, index) => EndpointReader.Read(endpoint, group, index, capabilities, rules)).ToList();

        if (endpoints.Count == 0)
        {
            settings.Fault(path, "must be a list of at least one endpoint");
        }
        else if (endpoints.All(endpoint => endpoint.Weight == 0))
        {
            settings.Fault(path, "all are fallbacks; at least one needs a weight above 0");
        }

        if (endpoints.Select(endpoint => endpoint.Name).Distinct(StringComparer.Ordinal).Count() < endpoints.Count)
        {
            settings.Fault(path, "two have the same name");
        }

        // The same server and model twice is one more way to say a weight, and still two endpoints.
        return [.. endpoints.GroupBy(endpoint => endpoint.Id).SelectMany(same => same.Select((endpoint, index) => index == 0 ? endpoint : endpoint with { Id = $"{endpoint.Id}|{index + 1}" }))];
    }

    private static ModelPrices? Prices(SettingReader settings)
    {
        if (settings.Child("price") is not { } price)
        {
            return null;
        }

        var input = price.Amount("input");
        var output = price.Amount("output");
        var cached = price.Amount("cached_input");
        var unit = price.Word("per_tokens", PriceUnits);

        if (input is null || output is null || unit is null)
        {
            price.Fault(price.Path, "must have input, output and per_tokens (1000 or 1000000), in USD");
        }

        price.End();
        return new(input ?? 0, output ?? 0, unit ?? ModelPrices.Million, cached);
    }

    private static CacheSettings Cache(SettingReader settings)
    {
        if (settings.Is("cache", "off") || settings.Is("cache", "False") || settings.Is("cache", "false"))
        {
            return CacheSettings.Off;
        }

        if (settings.Child("cache") is not { } cache)
        {
            return CacheSettings.Default;
        }

        var given = new CacheSettings(
            cache.Duration("ttl", TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)) ?? CacheSettings.Default.TimeToLive,
            cache.Word("scope", Scopes) ?? CacheScope.User,
            cache.Word("runs", Switches) ?? false);
        cache.End();
        return given;
    }
}
