using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Chat.Keys.Authentication;

/// <summary>Marks a route that a virtual key opens, and the scope that it needs for it. Callers with a token have every scope.</summary>
internal sealed record TakesVirtualKeys(string Scope)
{
    /// <exception cref="DomainException">insufficient_permissions</exception>
    public static void Ensure(HttpContext context, string scope)
    {
        if (context.Features.Get<VirtualKey>()?.Scopes.Contains(scope) is false)
        {
            throw new DomainException(DomainErrorKind.Forbidden, "insufficient_permissions", $"The key does not have the scope '{scope}'.");
        }
    }
}

internal static class TakesVirtualKeysExtensions
{
    /// <summary>Lets callers with a virtual key in that has the scope.</summary>
    public static TBuilder TakeVirtualKeys<TBuilder>(this TBuilder builder, string scope)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new TakesVirtualKeys(scope)).AddEndpointFilter((context, next) =>
        {
            TakesVirtualKeys.Ensure(context.HttpContext, scope);
            return next(context);
        });
}
