using AiPlatform.Services.Chat.Gateway.Errors;
using AiPlatform.Services.Chat.Gateway.Replies;
using AiPlatform.Services.Chat.Keys.Authentication;
using AiPlatform.Services.Chat.Models.Calls;

namespace AiPlatform.Services.Chat.Gateway;

/// <summary>
/// A route that serves model calls. A plain delegate: what the framework makes of a handler with parameters and filters costs a small call as much as all
/// of its routing.
/// </summary>
/// <param name="scope">What a virtual key needs for it.</param>
internal sealed class ModelRoute(IServiceProvider services, ModelCallKind kind, string scope, Func<IServiceProvider, Translation> translation)
{
    private readonly GatewayFailures _failures = services.GetRequiredService<GatewayFailures>();
    private readonly TimeProvider _timeProvider = services.GetRequiredService<TimeProvider>();
    private readonly Lazy<(GatewayCalls Calls, Translation Translate)> _gateway = new(() => (services.GetRequiredService<GatewayCalls>(), translation(services)));

    public async Task ServeAsync(HttpContext context)
    {
        ReplyHeaders.Announce(context, _timeProvider);

        try
        {
            TakesVirtualKeys.Ensure(context, scope);
            await _gateway.Value.Calls.ServeAsync(context, kind, _gateway.Value.Translate);
        }
        catch (Exception exception) when (GatewayFailures.HasAnswer(context, exception))
        {
            await _failures.Answer(context, exception).ExecuteAsync(context);
        }
    }
}

internal static class ModelRouteExtensions
{
    public static void MapModel(this IEndpointRouteBuilder routes, string path, ModelCallKind kind, string scope, Func<IServiceProvider, Translation> translation)
    {
        var route = new ModelRoute(routes.ServiceProvider, kind, scope, translation);

        // At the end once more: validation, which is everywhere and has nothing to say here, puts itself around every delegate.
        routes.MapPost(path, route.ServeAsync).WithMetadata(new TakesVirtualKeys(scope), new ServesKnownCallers()).Finally(builder => builder.RequestDelegate = route.ServeAsync);
    }
}
