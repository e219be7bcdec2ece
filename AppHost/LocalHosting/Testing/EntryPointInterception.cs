using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>
/// Runs an AppHost's own Main on a thread and takes the application builder from it: Main is held inside Build() while the test
/// changes the model, and is ended there once the application is built, so that the test alone starts and stops it.
/// </summary>
internal sealed class EntryPointInterception(
    Assembly assembly, string[] args, TimeSpan limit, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure)
{
    private static readonly AsyncLocal<EntryPointInterception?> CurrentInterception = new();
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _building = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _buildWanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static EntryPointInterception? Current => CurrentInterception.Value;

    public Task<DistributedApplicationBuilder> RunToBuildAsync(CancellationToken cancellationToken)
    {
        var entryPoint = assembly.EntryPoint ?? throw new InvalidOperationException($"Assembly '{assembly.GetName().Name}' has no entry point.");
        var thread = new Thread(() => Run(entryPoint)) { IsBackground = true, Name = $"{assembly.GetName().Name} entry point" };
        thread.Start();
        return BoundAsync(_building.Task, "to build its application", cancellationToken);
    }

    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _buildWanted.TrySetResult();
        return BoundAsync(_built.Task, "to have built its application", cancellationToken);
    }

    public void Abandon() => _buildWanted.TrySetCanceled();

    public void Constructing(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        options.Assembly = assembly;
        options.Args = [.. options.Args ?? [], .. args.Except(options.Args ?? [])];
        settings.Args = options.Args;
        configure(options, settings);
    }

    public void Building(DistributedApplicationBuilder builder)
    {
        _building.TrySetResult(builder);
        _buildWanted.Task.GetAwaiter().GetResult();
    }

    public void Built(DistributedApplication application)
    {
        _built.TrySetResult(application);
        throw new EntryPointEndedException();
    }

    private async Task<T> BoundAsync<T>(Task<T> task, string goal, CancellationToken cancellationToken)
    {
        try
        {
            return await task.WaitAsync(limit, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"Waited {limit.TotalSeconds:0.#} s for the entry point of '{assembly.GetName().Name}' {goal}.", exception);
        }
    }

    private void Run(MethodInfo entryPoint)
    {
        CurrentInterception.Value = this;
        try
        {
            var result = entryPoint.Invoke(null, BindingFlags.DoNotWrapExceptions, null, entryPoint.GetParameters().Length == 0 ? [] : [args], null);
            if (result is Task task)
            {
                task.GetAwaiter().GetResult();
            }

            Fail(new InvalidOperationException("The entry point exited without ever building a distributed application."));
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    // Without effect when the builder and the application were handed over before.
    private void Fail(Exception exception)
    {
        _building.TrySetException(exception);
        _built.TrySetException(exception);
    }

    private sealed class EntryPointEndedException : Exception;
}
