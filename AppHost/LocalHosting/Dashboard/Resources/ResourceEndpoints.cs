using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Dashboard.Resources;

/// <summary>What runs, its secrets one at a time, and start, stop and restart.</summary>
internal static class ResourceEndpoints
{
    // A start waits for what the resource waits for, however long that takes; the page sees its end in the list.
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(10);

    public static void Map(IEndpointRouteBuilder app, IServiceProvider host)
    {
        var list = host.GetRequiredService<ResourceList>();
        var commands = host.GetRequiredService<ResourceCommandService>();
        var timeProvider = host.GetRequiredService<TimeProvider>();
        var api = app.MapGroup("/api/resources");
        api.MapGet("", () => Results.Ok(list.All()));
        api.MapGet("/{name}/environment/{variable}", (string name, string variable) => list.Variable(name, variable) is { } value
            ? Results.Ok(value)
            : Results.Problem($"Resource '{name}' has no variable '{variable}'.", statusCode: StatusCodes.Status404NotFound));
        api.MapPost("/{name}/commands/{command}", (string name, string command, CancellationToken cancellationToken) => ExecuteAsync(list, commands, timeProvider, name, command, cancellationToken));
    }

    private static async Task<IResult> ExecuteAsync(
        ResourceList list, ResourceCommandService commands, TimeProvider timeProvider, string name, string command, CancellationToken cancellationToken)
    {
        if (list.Commands(name) is not { } available || available.FirstOrDefault(c => c.Name == command) is not { } wanted)
        {
            return Results.Problem($"Resource '{name}' has no command '{command}'.", statusCode: StatusCodes.Status404NotFound);
        }

        if (!wanted.IsEnabled)
        {
            return Results.Problem($"'{command}' means nothing for resource '{name}' as it is now.", statusCode: StatusCodes.Status409Conflict);
        }

        using var limit = new CancellationTokenSource(CommandLimit, timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var result = await commands.ExecuteCommandAsync(name, command, stop.Token);
            return Results.Ok(new CommandResult(result.Success, result.Message));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Results.Ok(new CommandResult(true, $"{name} is still on its way."));
        }
    }
}
