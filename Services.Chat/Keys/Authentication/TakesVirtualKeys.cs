using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Chat.Keys.Authentication;

/// <summary>Marks a route that a virtual key opens, and the scope that it needs for it.</summary>
internal sealed record TakesVirtualKeys(string Scope);

internal static class TakesVirtualKeysExtensions
{
    /// <summary>Lets callers with a virtual key in that has the scope. Callers with a token have every scope.</summary>
    public static TBuilder TakeVirtualKeys<TBuilder>(this TBuilder builder, string scope)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new TakesVirtualKeys(scope)).AddEndpointFilter((context, next) =>
            context.HttpContext.Features.Get<VirtualKey>()?.Scopes.Contains(scope) is false
                ? throw new DomainException(DomainErrorKind.Forbidden, "insufficient_permissions", $"The key does not have the scope '{scope}'.")
                : next(context));
}
