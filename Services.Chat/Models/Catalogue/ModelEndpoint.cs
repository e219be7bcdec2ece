using AiPlatform.Services.Chat.Models.Calls;

namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>One place that serves a group's model.</summary>
internal sealed record ModelEndpoint
{
    /// <summary>
    /// The same in every replica and over every reload that leaves the endpoint what it was, so that its cooldown stays its own. Not secret.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>What <c>X-Proxy-Endpoint</c> and <c>/stats</c> call it.</summary>
    public required string Name { get; init; }

    /// <summary>One of <see cref="ModelProvider"/>.</summary>
    public required string Provider { get; init; }

    public EndpointApi Api { get; init; }

    public Vendor Vendor { get; init; } = Vendors.Other;

    /// <summary>Null for the embedded model.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>Null for a server that asks for none.</summary>
    public Secret? Key { get; init; }

    /// <summary>Of a vendor that has deployments.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>The model's name at that server.</summary>
    public required string ModelId { get; init; }

    /// <summary>Whether the model thinks before it answers and takes an effort for that; null when the catalogue does not say.</summary>
    public bool? Reasons { get; init; }

    /// <summary>0 is a fallback.</summary>
    public int Weight { get; init; } = 1;

    public EndpointTimeouts Timeouts { get; init; } = EndpointTimeouts.Default;

    public EndpointLimits Limits { get; init; } = EndpointLimits.None;

    /// <summary>The vendor's, the group's and its own rules together.</summary>
    public ParameterRules Parameters { get; init; } = ParameterRules.None;

    /// <summary>Whether a request on OpenAI's wire of that kind goes to it as it is, byte for byte.</summary>
    public bool Speaks(ModelCallKind kind) => Provider == ModelProvider.OpenAi
        && (kind == ModelCallKind.Embeddings || (kind == ModelCallKind.Responses) == (Api == EndpointApi.Responses));

    /// <summary>Whether it can serve a call of that kind, as it is or translated. Embeddings are not translated.</summary>
    public bool Serves(ModelCallKind kind) => kind != ModelCallKind.Embeddings || Speaks(kind);
}
