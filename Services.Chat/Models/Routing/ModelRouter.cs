using System.Runtime.CompilerServices;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Forwarding;

namespace AiPlatform.Services.Chat.Models.Routing;

/// <summary>Finds endpoints for calls, and others when those fail. All it decides from is in memory.</summary>
internal sealed class ModelRouter(EndpointStates states, TimeProvider timeProvider)
{
    // Gone with the catalogue that its group stood in.
    private readonly ConditionalWeakTable<ModelGroup, GroupRoute> _routes = [];

    public GroupRoute RouteOf(ModelGroup group) => _routes.GetValue(group, made => new(made, states));

    /// <param name="may">Which endpoints may serve the call, when not every one of its group can.</param>
    public CallRoute Begin(ModelCall call, Func<ModelEndpoint, bool>? may = null) => new(call, RouteOf(call.Start.Group), states, timeProvider, may);

    /// <summary>Asks one endpoint after the other until one has answered. What <paramref name="ask"/> throws means that nothing is with the caller yet.</summary>
    /// <exception cref="DomainException">No endpoint is left; the last failure, or why there was none.</exception>
    public async Task RunAsync(ModelCall call, Func<ModelEndpoint, bool>? may, Func<Attempt, CancellationToken, Task> ask, CancellationToken cancellationToken)
    {
        var route = Begin(call, may);

        while (true)
        {
            using var attempt = await route.NextAsync(cancellationToken);

            try
            {
                await ask(attempt, cancellationToken);
                attempt.Answered();
                return;
            }
            catch (Exception failure) when (failure is DomainException or RefusedException)
            {
                if (!route.MayGoOn(attempt, failure))
                {
                    throw;
                }
            }
        }
    }
}
