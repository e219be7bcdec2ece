using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Processes;

/// <summary>Who stops with whom: first those that nobody waits for, last those that everybody stands on.</summary>
internal static class StopOrder
{
    public static List<List<IResource>> Levels(IReadOnlyCollection<IResource> resources)
    {
        var depths = new Dictionary<IResource, int>();
        foreach (var resource in resources)
        {
            Depth(resource, depths);
        }

        return [.. resources.GroupBy(r => depths[r]).OrderByDescending(g => g.Key).Select(g => g.ToList())];
    }

    // Circles of waits were refused when the application was built.
    private static int Depth(IResource resource, Dictionary<IResource, int> depths)
    {
        if (!depths.TryGetValue(resource, out var depth))
        {
            var below = resource.Annotations.OfType<WaitAnnotation>().Select(w => w.Resource);
            if (resource is IResourceWithParent { Parent: var parent })
            {
                below = below.Append(parent);
            }

            depth = depths[resource] = below.Select(r => Depth(r, depths) + 1).DefaultIfEmpty(0).Max();
        }

        return depth;
    }
}
