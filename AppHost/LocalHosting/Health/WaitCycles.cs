using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Health;

/// <summary>Resources that wait for each other in a circle would wait for ever, so the circle is named before anything starts.</summary>
internal static class WaitCycles
{
    public static void Refuse(IEnumerable<IResource> resources)
    {
        var done = new HashSet<IResource>();
        foreach (var resource in resources)
        {
            Visit(resource, [], done);
        }
    }

    private static void Visit(IResource resource, List<IResource> path, HashSet<IResource> done)
    {
        if (path.IndexOf(resource) is var start and >= 0)
        {
            var circle = string.Join(" -> ", path.Skip(start).Append(resource).Select(r => r.Name));
            throw new DistributedApplicationException($"The resources wait for each other in a circle: {circle}.");
        }

        if (done.Contains(resource))
        {
            return;
        }

        path.Add(resource);
        foreach (var next in resource.Annotations.OfType<WaitAnnotation>().Select(w => w.Resource))
        {
            Visit(next, path, done);
        }

        if (resource is IResourceWithParent { Parent: var parent })
        {
            Visit(parent, path, done);
        }

        path.RemoveAt(path.Count - 1);
        done.Add(resource);
    }
}
