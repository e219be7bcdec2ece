namespace AiPlatform.Services.Api.OpenApi;

/// <summary>What an endpoint says of its answers that neither its signature nor its documentation can say.</summary>
internal static class EndpointContract
{
    /// <summary>The codes of an endpoint's own rules for one status. Those of tokens, parameters, bodies and headers are known without it.</summary>
    public static TBuilder WithProblems<TBuilder>(this TBuilder endpoint, int status, params string[] codes)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new DeclaredProblems(status, codes));

    /// <summary>A success carries the ETag of the record it shows.</summary>
    public static TBuilder WithETag<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AnswersETag());

    /// <summary>A creation says where the new record is.</summary>
    public static TBuilder WithLocation<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AnswersLocation());
}

internal sealed record DeclaredProblems(int Status, IReadOnlyList<string> Codes);

internal sealed record AnswersETag;

internal sealed record AnswersLocation;
