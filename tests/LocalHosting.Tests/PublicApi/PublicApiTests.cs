using System.Reflection;
using Aspire.Hosting;

namespace AiPlatform.LocalHosting.Tests.PublicApi;

public sealed class PublicApiTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // What the compiler adds to records and Aspire's documentation leaves out.
    private static readonly string[] OfRecords = ["Equals", "op_Equality", "op_Inequality", "Deconstruct", "PrintMembers", "EqualityContract"];

    /// <summary>The app model must compile against Aspire unchanged, so nothing may be here that is not there, or is otherwise there.</summary>
    [Fact]
    public void PublicMembers_OfLocalHosting_AreAspires()
    {
        var aspires = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "PublicApi", "aspire-13.5.txt"))
            .Where(l => !l.StartsWith('#'))
            .Select(l => l.Split('\t'))
            .ToDictionary(l => l[0], l => l[1]);

        var differences = Ours()
            .Where(m => aspires.GetValueOrDefault(m.Id) != m.Signature)
            .Select(m => $"{m.Id}\n  ours:     {m.Signature}\n  Aspire's: {aspires.GetValueOrDefault(m.Id, "none")}")
            .ToList();

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [Fact]
    public void PublicTypes_OfLocalHosting_AreInAspiresNamespaces()
    {
        var outside = typeof(DistributedApplication).Assembly.GetExportedTypes().Where(t => t.Namespace?.StartsWith("Aspire.Hosting", StringComparison.Ordinal) != true);

        Assert.Empty(outside);
    }

    private static IEnumerable<(string Id, string Signature)> Ours() =>
        typeof(DistributedApplication).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMembers(Declared).Where(IsVisible)
                .Where(member => DocumentationId.Of(member) is not null)
                .Select(member => (DocumentationId.Of(member)!, Signature.Of(member)))
                .Prepend((DocumentationId.Of(type), Signature.Of(type))));

    private static bool IsVisible(MemberInfo member) => !OfRecords.Contains(member.Name) && member switch
    {
        _ when member.DeclaringType!.IsSubclassOf(typeof(Delegate)) => false,
        FieldInfo field => field is { IsPublic: true } or { IsFamily: true },
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(a => a.IsPublic || a.IsFamily),
        ConstructorInfo constructor => constructor.IsPublic || constructor.IsFamily,
        MethodInfo method => (method.IsPublic || method.IsFamily) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)),
        _ => false,
    };
}
