using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting;

public static class ProjectResourceBuilderExtensions
{
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, [ResourceName] string name)
        where TProject : IProjectMetadata, new()
        => Add(builder, name, new TProject(), LaunchProfiles.Choose);

    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, [ResourceName] string name, string? launchProfileName)
        where TProject : IProjectMetadata, new()
        => Add(builder, name, new TProject(), (project, configuration) => LaunchProfiles.ByName(project, launchProfileName));

    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);

    private static IResourceBuilder<ProjectResource> Add(
        IDistributedApplicationBuilder builder,
        string name,
        IProjectMetadata project,
        Func<IProjectMetadata, Microsoft.Extensions.Configuration.IConfiguration, ChosenLaunchProfile?> choose)
    {
        var resource = builder.AddResource(new ProjectResource(name)).WithAnnotation(project);
        var profile = choose(project, builder.Configuration);
        ProjectDefaults.Apply(resource, profile);
        return resource;
    }
}
