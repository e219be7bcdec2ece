using AiPlatform.Services.Chat.Models.Providers;

namespace AiPlatform.Services.Chat.Models.Catalogue.Reading;

internal static class EndpointReader
{
    // The last one that GPT-4o and the o-series need; newer ones are set where they are needed.
    private const string AzureApiVersion = "2024-10-21";

    private static readonly Uri AnthropicUrl = new("https://api.anthropic.com");
    private static readonly Uri GeminiUrl = new("https://generativelanguage.googleapis.com/v1beta");

    private static readonly Dictionary<string, EndpointApi> Apis = new(StringComparer.Ordinal)
    {
        ["chat_completions"] = EndpointApi.ChatCompletions,
        ["responses"] = EndpointApi.Responses,
    };

    private static readonly string[] Providers = [ModelProvider.OpenAi, ModelProvider.Anthropic, ModelProvider.Gemini, ModelProvider.ClaudeCode, ModelProvider.Local];

    public static ModelEndpoint Read(SettingReader settings, string group, int index, ModelCapabilities? capabilities, ParameterRules groupRules)
    {
        var provider = Provider(settings);
        var addressIsGiven = settings.Has("base_url");
        var given = Address(settings);
        var vendor = VendorOf(settings, provider, given, addressIsGiven);
        var baseUrl = given ?? DefaultUrl(provider, vendor);
        var reasons = capabilities?.HasFlag(ModelCapabilities.Reasoning);

        Require(settings, provider, vendor, hasAddress: addressIsGiven || baseUrl is not null);
        var key = settings.Text("key");
        var model = settings.Text("model");

        var endpoint = new ModelEndpoint
        {
            Id = $"{group}|{provider}|{vendor.Name}|{baseUrl}|{model}",
            Name = settings.Text("name") ?? $"{group}-{index + 1}",
            Provider = provider,
            Api = settings.Word("api", Apis) ?? EndpointApi.ChatCompletions,
            Vendor = vendor,
            BaseUrl = provider == ModelProvider.Local ? null : baseUrl,
            Key = key is null ? null : new(key),
            ApiVersion = settings.Text("api_version") ?? (vendor.HasDeployments ? AzureApiVersion : null),
            ModelId = model ?? ModelProvider.Local,
            Reasons = reasons,
            Weight = settings.Integer("weight", 0, 1000) ?? 1,
            Timeouts = Timeouts(settings),
            Limits = Limits(settings),
            Parameters = vendor.Parameters.With(ModelTraits.Of(reasons, model ?? "").Reasons ? vendor.ReasoningParameters : ReasoningOff(reasons))
                .With(groupRules).With(GroupReader.Rules(settings)),
        };

        if (endpoint.Api == EndpointApi.Responses && provider != ModelProvider.OpenAi)
        {
            settings.Fault(Setting.Join(settings.Path, "api"), $"responses is a wire of provider {ModelProvider.OpenAi} only");
        }

        settings.End();
        return endpoint;
    }

    // A model that is said not to reason answers the request to do so with an error.
    private static ParameterRules ReasoningOff(bool? reasons) => reasons is false ? ParameterRules.Dropping("reasoning_effort", "reasoning") : ParameterRules.None;

    private static string Provider(SettingReader settings)
    {
        var provider = settings.Text("provider") ?? ModelProvider.OpenAi;

        if (!Providers.Contains(provider))
        {
            settings.Fault(Setting.Join(settings.Path, "provider"), $"must be one of {string.Join(", ", Providers)}");
        }

        return provider;
    }

    private static Uri? Address(SettingReader settings)
    {
        if (settings.Text("base_url") is not { } text)
        {
            return null;
        }

        // No user, query or fragment: keys hide there, and are not lost from logs there.
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { UserInfo: "", Query: "", Fragment: "" })
        {
            return url;
        }

        settings.Fault(Setting.Join(settings.Path, "base_url"), "must be an address such as https://models.example/v1, with no user, query or fragment");
        return null;
    }

    private static Vendor VendorOf(SettingReader settings, string provider, Uri? baseUrl, bool addressIsGiven)
    {
        if (settings.Text("vendor") is not { } name)
        {
            return provider == ModelProvider.OpenAi && !addressIsGiven ? Vendors.OpenAi
                : provider == ModelProvider.OpenAi && baseUrl is not null ? Vendors.At(baseUrl)
                : Vendors.Other;
        }

        if (provider == ModelProvider.OpenAi && Vendors.Find(name) is { } vendor)
        {
            return vendor;
        }

        settings.Fault(Setting.Join(settings.Path, "vendor"), $"must be one of {string.Join(", ", Vendors.All.Select(known => known.Name))}, of provider {ModelProvider.OpenAi}");
        return Vendors.Other;
    }

    private static Uri? DefaultUrl(string provider, Vendor vendor) => provider switch
    {
        ModelProvider.Anthropic => AnthropicUrl,
        ModelProvider.Gemini => GeminiUrl,
        _ => vendor.BaseUrl,
    };

    private static void Require(SettingReader settings, string provider, Vendor vendor, bool hasAddress)
    {
        if (provider == ModelProvider.Local)
        {
            return;
        }

        if (!settings.Has("model"))
        {
            settings.Fault(Setting.Join(settings.Path, "model"), "is missing: the model's name at that server");
        }

        if (!hasAddress)
        {
            settings.Fault(Setting.Join(settings.Path, "base_url"), "is missing");
        }

        if (!settings.Has("key") && (vendor.NeedsKey || provider is ModelProvider.Anthropic or ModelProvider.Gemini))
        {
            settings.Fault(Setting.Join(settings.Path, "key"), "is missing; take it from the environment, as in ${MODEL_KEY}");
        }
    }

    private static EndpointTimeouts Timeouts(SettingReader settings)
    {
        if (settings.Child("timeouts") is not { } timeouts)
        {
            return EndpointTimeouts.Default;
        }

        var least = TimeSpan.FromMilliseconds(10);
        var most = TimeSpan.FromMinutes(30);
        var read = new EndpointTimeouts
        {
            Connect = timeouts.Duration("connect", least, most) ?? EndpointTimeouts.Default.Connect,
            FirstByte = timeouts.Duration("first_byte", least, most) ?? EndpointTimeouts.Default.FirstByte,
            Idle = timeouts.Duration("idle", least, most) ?? EndpointTimeouts.Default.Idle,
            Total = timeouts.Duration("total", least, most) ?? EndpointTimeouts.Default.Total,
        };
        timeouts.End();
        return read;
    }

    private static EndpointLimits Limits(SettingReader settings)
    {
        if (settings.Child("limits") is not { } limits)
        {
            return EndpointLimits.None;
        }

        var read = new EndpointLimits
        {
            Concurrency = limits.Integer("concurrency", 1, 100_000),
            Wait = limits.Duration("wait", TimeSpan.Zero, TimeSpan.FromMinutes(5)) ?? EndpointLimits.None.Wait,
            RequestsPerMinute = limits.Integer("rpm", 1, 10_000_000),
            TokensPerMinute = limits.Integer("tpm", 1, int.MaxValue),
        };
        limits.End();
        return read;
    }
}
