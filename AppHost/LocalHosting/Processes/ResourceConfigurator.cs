using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Processes;

/// <summary>Turns a resource's annotations into the environment and arguments of one of its processes.</summary>
internal sealed class ResourceConfigurator(
    DistributedApplicationExecutionContext executionContext, DistributedApplicationOptions options, ResourceLoggerService loggers)
{
    public async Task<Dictionary<string, string>> EnvironmentAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(executionContext, instance.Resource, [], cancellationToken) { Logger = loggers.GetLogger(instance.Id) };
        foreach (var endpoint in instance.Resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.PortVariable is not null))
        {
            context.EnvironmentVariables[endpoint.PortVariable!] = new InstanceValue(i => i.TargetPort(endpoint.Name).ToString(CultureInfo.InvariantCulture));
        }

        foreach (var annotation in instance.Resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        var environment = new Dictionary<string, string>();
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            if (await ResolveAsync(value, instance, cancellationToken) is { } text)
            {
                environment[name] = text;
            }
        }

        return environment;
    }

    public async Task<List<string>> ArgumentsAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], instance.Resource, cancellationToken) { Logger = loggers.GetLogger(instance.Id) };
        foreach (var annotation in instance.Resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        var arguments = new List<string>();
        foreach (var value in context.Args)
        {
            if (await ResolveAsync(value, instance, cancellationToken) is { } text)
            {
                arguments.Add(text);
            }
        }

        return arguments;
    }

    public async Task<ProcessSpec> SpecAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var environment = await EnvironmentAsync(instance, cancellationToken);
        var arguments = await ArgumentsAsync(instance, cancellationToken);
        return instance.Resource switch
        {
            ProjectResource project => Project(project, arguments) with { Environment = environment, NotInherited = ProjectDefaults.NotInherited },
            ExecutableResource executable => Executable(executable, arguments, environment),
            var other => throw new DistributedApplicationException($"Resource '{other.Name}' of type '{other.GetType().Name}' cannot be started on this host."),
        };
    }

    private static ProcessSpec Executable(ExecutableResource executable, List<string> arguments, Dictionary<string, string> environment)
    {
        // As a shell would: a name is looked for in PATH, a relative path in the working directory.
        var command = executable.Command.Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(executable.Command, executable.WorkingDirectory) : executable.Command;
        var program = Programs.Find(command) ?? throw new DistributedApplicationException($"The executable '{executable.Command}' was not found.");
        if (!Directory.Exists(executable.WorkingDirectory))
        {
            throw new DistributedApplicationException($"The working directory '{executable.WorkingDirectory}' does not exist.");
        }

        return new ProcessSpec(program, arguments, executable.WorkingDirectory) { Environment = environment };
    }

    private ProcessSpec Project(ProjectResource resource, List<string> arguments)
    {
        var metadata = resource.Annotations.OfType<IProjectMetadata>().Last();
        var target = (metadata as IBuiltProjectMetadata)?.TargetPath ?? options.Metadata($"localhosting:{metadata.ProjectPath}")
            ?? throw new DistributedApplicationException($"The AppHost does not know the output of project '{metadata.ProjectPath}'. Is it a ProjectReference of the AppHost?");
        if (!File.Exists(target))
        {
            throw new DistributedApplicationException($"The project of resource '{resource.Name}' is not built: '{target}' does not exist.");
        }

        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? Programs.Find("dotnet") ?? "dotnet";
        return new ProcessSpec(dotnet, [target, .. arguments], Path.GetDirectoryName(metadata.ProjectPath)!);
    }

    private static async ValueTask<string?> ResolveAsync(object value, ResourceInstance instance, CancellationToken cancellationToken) => value switch
    {
        string text => text,
        InstanceValue own => own.Get(instance),
        // The port that a process itself listens on differs between replicas.
        EndpointReferenceExpression { Property: EndpointProperty.TargetPort } target when target.Endpoint.Resource == instance.Resource =>
            instance.TargetPort(target.Endpoint.EndpointName).ToString(CultureInfo.InvariantCulture),
        IValueProvider provider => await provider.GetValueAsync(cancellationToken),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
