using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Catalogue.Reading;

namespace AiPlatform.Services.Chat.Tests.Models.Catalogue;

public sealed class CatalogueReaderTests
{
    private const string Whole = """
        default: smart
        unknown: local
        groups:
          - name: gpt-4o
            aliases: [smart, "gpt-4o-2024"]
            capabilities: [tools, vision, json]
            parameters:
              rename: { max_tokens: max_completion_tokens }
              drop: [logit_bias]
            price: { input: 0.0025, cached_input: 0.00125, output: 0.01, per_tokens: 1000 }
            routing: least_busy
            cache: { ttl: 5m, scope: practice, runs: true }
            cooldown: 90s
            endpoints:
              - name: east
                vendor: azure
                base_url: https://east.openai.azure.com
                key: ${EAST_KEY}
                api_version: 2025-01-01
                model: four-o
                weight: 3
                timeouts: { connect: 500ms, first_byte: 20s, idle: 10s, total: 2m }
                limits: { concurrency: 8, wait: 250ms, rpm: 600, tpm: 90000 }
              - base_url: ${SPARE_URL:-http://localhost:9000/v1}
                model: spare
                weight: 0
                api: responses
          - name: claude
            cache: off
            endpoints: [{ provider: anthropic, key: "${EAST_KEY}", model: claude-x }]
        """;

    [Fact]
    [Trait("Spec", "LP-017")]
    [Trait("Spec", "T001-375")]
    [Trait("Spec", "T001-376")]
    public void Read_WholeFile_HasEverySetting()
    {
        var catalogue = Read("models.yaml", Whole);

        var group = catalogue.Find("SMART")!;
        Assert.Same(group, catalogue.Default);
        Assert.Same(catalogue.Find("local"), catalogue.Find("never-heard-of"));
        Assert.Equal(
            ("gpt-4o", ModelCapabilities.Tools | ModelCapabilities.Vision | ModelCapabilities.Json, RoutingStrategy.LeastBusy, TimeSpan.FromSeconds(90)),
            (group.Name, group.Capabilities, group.Routing, group.Cooldown));
        Assert.Equal(new CacheSettings(TimeSpan.FromMinutes(5), CacheScope.Practice, ServesRuns: true), group.Cache);
        Assert.Equal(new ModelPrices(0.0025m, 0.01m, 1000, 0.00125m), group.Prices);
        Assert.Equal(["smart", "gpt-4o-2024"], group.Aliases);

        var (east, spare) = (group.Endpoints[0], group.Endpoints[1]);
        Assert.Equal(
            ("east", "openai", Vendors.Azure, new Uri("https://east.openai.azure.com"), "east-secret", "2025-01-01", "four-o", 3),
            (east.Name, east.Provider, east.Vendor, east.BaseUrl, east.Key?.Reveal(), east.ApiVersion, east.ModelId, east.Weight));
        Assert.Equal(
            new EndpointTimeouts { Connect = TimeSpan.FromMilliseconds(500), FirstByte = TimeSpan.FromSeconds(20), Idle = TimeSpan.FromSeconds(10), Total = TimeSpan.FromMinutes(2) },
            east.Timeouts);
        Assert.Equal(
            new EndpointLimits { Concurrency = 8, Wait = TimeSpan.FromMilliseconds(250), RequestsPerMinute = 600, TokensPerMinute = 90_000 },
            east.Limits);
        Assert.Equal(("max_completion_tokens", true), (east.Parameters.Rename["max_tokens"], east.Parameters.Drop.Contains("logit_bias")));
        Assert.Equal(
            ("gpt-4o-2", EndpointApi.Responses, Vendors.Other, new Uri("http://localhost:9000/v1"), 0, EndpointTimeouts.Default, EndpointLimits.None),
            (spare.Name, spare.Api, spare.Vendor, spare.BaseUrl, spare.Weight, spare.Timeouts, spare.Limits));

        var claude = catalogue.Find("claude")!;
        Assert.Equal((CacheSettings.Off, null, null, new Uri("https://api.anthropic.com")), (claude.Cache, claude.Capabilities, claude.Prices, claude.Endpoints[0].BaseUrl));
    }

    [Theory]
    [InlineData("a, b", "b")]
    [InlineData("a, Default, b", "Default")]
    public void Find_NameDefault_IsTheGroupThatHasItAndOtherwiseTheDefault(string names, string found)
    {
        var groups = names.Split(", ").Select(name => $"{{ name: {name}, endpoints: [{{ key: k, model: m }}] }}");
        var catalogue = Read("models.yaml", $"{{ default: b, unknown: a, groups: [{string.Join(", ", groups)}] }}");

        Assert.Equal(found, catalogue.Find("default")!.Name);
    }

    [Fact]
    public void Read_SameInJson_IsTheSame()
    {
        const string yaml = """
            groups:
              - name: a
                price: { input: 2.5, output: 10, per_tokens: 1000000 }
                cache: off
                endpoints:
                  - { vendor: groq, key: "${EAST_KEY}", model: m, weight: 2, timeouts: { total: 1m } }
            """;
        const string json = """
            { // what it is for
              "groups": [{ "name": "a", "price": { "input": 2.5, "output": 10, "per_tokens": 1000000 }, "cache": false,
                "endpoints": [{ "vendor": "groq", "key": "${EAST_KEY}", "model": "m", "weight": 2, "timeouts": { "total": "1m" } }] }] }
            """;

        var (fromYaml, fromJson) = (Read("models.yml", yaml).Default, Read("MODELS.JSON", json).Default);

        Assert.Equal(fromYaml.Endpoints[0] with { Key = null }, fromJson.Endpoints[0] with { Key = null, Parameters = fromYaml.Endpoints[0].Parameters });
        Assert.Equal(fromYaml.Endpoints[0].Parameters.Drop.Order(), fromJson.Endpoints[0].Parameters.Drop.Order());
        Assert.Equal((fromYaml.Prices, fromYaml.Cache, "east-secret"), (fromJson.Prices, fromJson.Cache, fromJson.Endpoints[0].Key?.Reveal()));
    }

    [Fact]
    public void Read_ManyFaults_TellsAllAtOnceAndNoValue()
    {
        const string text = """
            default: nobody
            grups: []
            groups:
              - name: a
                aliases: [b]
                capabilities: [tools, magic]
                price: { input: 1, output: 2 }
                routing: random
                cooldown: 60
                endpoints:
                  - { vendor: openai, model: m, key: "${NOT_SET}", wieght: 2 }
                  - { base_url: "https://user:sk-secret@models.example/v1?key=sk-secret", weight: -1, limits: { rpm: many } }
                  - { provider: cohere, base_url: "http://localhost", model: m }
                  - { provider: anthropic, api: responses, model: m }
              - name: B
                endpoints: []
              - name: c
                parameters: { drop: [model] }
                endpoints: [{ base_url: "http://localhost", model: m, weight: 0 }]
            """;

        var failure = Assert.Throws<InvalidCatalogueException>(() => Read("models.yaml", text));

        string[] expected =
            [
                "default: must be the name of a group.",
                "groups[0]: the name 'b' is another group's too.",
                "groups[0].capabilities[1]: must be one of tools, vision, reasoning, json, audio.",
                "groups[0].cooldown: must be a time from 0s to 1h with its unit, such as 500ms, 30s, 5m or 6h.",
                "groups[0].endpoints[0].key: refers to the environment variable NOT_SET, which is not set.",
                "groups[0].endpoints[0].wieght: is no setting here; there are provider, base_url, vendor, key, model, name, api, api_version, weight, timeouts, limits, parameters.",
                "groups[0].endpoints[1].base_url: must be an address such as https://models.example/v1, with no user, query or fragment.",
                "groups[0].endpoints[1].limits.rpm: must be a whole number from 1 to 10000000.",
                "groups[0].endpoints[1].model: is missing: the model's name at that server.",
                "groups[0].endpoints[1].weight: must be a whole number from 0 to 1000.",
                "groups[0].endpoints[2].provider: must be one of openai, anthropic, gemini, claude_code, local.",
                "groups[0].endpoints[3].api: responses is a wire of provider openai only.",
                "groups[0].endpoints[3].key: is missing; take it from the environment, as in ${MODEL_KEY}.",
                "groups[0].price: must have input, output and per_tokens (1000 or 1000000), in USD.",
                "groups[0].routing: must be one of weighted, least_busy, latency.",
                "groups[1]: the name 'B' is another group's too.",
                "groups[1].endpoints: must be a list of at least one endpoint.",
                "groups[2].endpoints: all are fallbacks; at least one needs a weight above 0.",
                "groups[2].parameters: 'model' is part of every request and stays as it is.",
                "grups: is no setting here; there are groups, default, unknown.",
            ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), failure.Faults.Order(StringComparer.Ordinal));
        Assert.DoesNotContain("sk-secret", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models.yaml", "groups:\n  - name: a\n   name: b", "Line 3 is no valid YAML.")]
    [InlineData("models.yaml", "default: a\ndefault: b", "Line 2 is no valid YAML: a setting stands twice.")]
    [InlineData("models.yaml", "default: a\n---\ndefault: b", "There is more than one document.")]
    [InlineData("models.yaml", "groups: &all [*all]", "It is larger than a catalogue can be.")]
    [InlineData("models.json", "{\"default\":\n}", "Line 2 is no valid JSON.")]
    [InlineData("models.json", "{\"default\":1,\"default\":2}", "Line 1 is no valid JSON: a setting stands twice.")]
    [InlineData("models.yaml", "", "groups: must be a list of at least one group.")]
    [InlineData("models.yaml", "- a", "the file: must be a set of named settings.")]
    public void Read_NoCatalogueAtAll_SaysWhatAndWhere(string file, string text, string fault)
    {
        var failure = Assert.Throws<InvalidCatalogueException>(() => Read(file, text));

        Assert.Contains(fault, failure.Faults);
    }

    [Fact]
    public void Read_AliasesWithinAliases_AreNotUnfolded()
    {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(Enumerable.Range(1, 9).Select(level => $"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 10))}]\n"));

        var failure = Assert.Throws<InvalidCatalogueException>(() => Read("models.yaml", text));

        Assert.Equal(["It is larger than a catalogue can be."], failure.Faults);
    }

    [Fact]
    public void Key_InAnyText_IsMasked()
    {
        var endpoint = Read("models.yaml", Whole).Default.Endpoints[0];

        Assert.Equal("***", $"{endpoint.Key}");
        Assert.DoesNotContain("east-secret", endpoint.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reasoning", "max_completion_tokens", new[] { "frequency_penalty", "logit_bias", "logprobs", "presence_penalty", "temperature", "top_logprobs", "top_p" })]
    [InlineData("tools", null, new[] { "reasoning", "reasoning_effort" })]
    [InlineData(null, null, new string[0])]
    public void Parameters_OfOpenAi_FollowWhatTheModelCanDo(string? capability, string? maxTokens, string[] dropped)
    {
        var capabilities = capability is null ? "" : $"capabilities: [{capability}]";

        var endpoint = Read("models.yaml", $"groups: [{{ name: a, {capabilities}{(capability is null ? "" : ",")} endpoints: [{{ key: \"${{EAST_KEY}}\", model: m }}] }}]").Default.Endpoints[0];

        Assert.Equal(Vendors.OpenAi, endpoint.Vendor);
        Assert.Equal(maxTokens, endpoint.Parameters.Rename.GetValueOrDefault("max_tokens"));
        Assert.Equal(dropped, endpoint.Parameters.Drop.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("https://api.groq.com/openai/v1", "groq")]
    [InlineData("https://api.x.ai/v1", "xai")]
    [InlineData("https://API.DeepSeek.com", "deepseek")]
    [InlineData("https://mine.openai.azure.com", "azure")]
    [InlineData("http://localhost:11434/v1", "other")]
    public void Vendor_NotNamed_IsKnownByItsAddress(string baseUrl, string vendor) => Assert.Equal(vendor, Vendors.At(new(baseUrl)).Name);

    [Fact]
    [Trait("Spec", "HS-080")]
    public void CostOf_Gpt4o_IsPerThousandTokens()
    {
        var prices = Read("models.yaml", Whole).Default.Prices!;

        Assert.Equal(0.0125m, prices.CostOf(new TokenUsage(1000, 1000)));
        Assert.Equal(0.01125m, prices.CostOf(new TokenUsage(1000, 1000, CachedInput: 1000)));
        Assert.Equal(0.0000125m, (prices with { PerTokens = ModelPrices.Million }).CostOf(new TokenUsage(1000, 1000)));
    }

    private static CatalogueSnapshot Read(string file, string text) =>
        CatalogueReader.Read(file, text, name => name == "EAST_KEY" ? "east-secret" : null);
}
