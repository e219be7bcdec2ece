using Microsoft.AspNetCore.Builder;

namespace AiPlatform.ServiceDefaults.Security;

/// <summary>Marks an endpoint that also takes the token as <c>?token=</c>.</summary>
public sealed class QueryTokenAllowed
{
    internal static readonly QueryTokenAllowed Instance = new();
}

public static class QueryTokenExtensions
{
    public static TBuilder AllowQueryToken<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(static endpoint => endpoint.Metadata.Add(QueryTokenAllowed.Instance));
        return builder;
    }
}
