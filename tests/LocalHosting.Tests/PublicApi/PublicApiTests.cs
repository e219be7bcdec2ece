using System.Reflection;
using Aspire.Hosting;

namespace AiPlatform.LocalHosting.Tests.PublicApi;

public sealed class PublicApiTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // What the compiler adds to records and Aspire's documentation leaves out.
    private static readonly string[] OfRecords = ["Equals", "op_Equality", "op_Inequality", "Deconstruct", "PrintMembers", "EqualityContract"];

    /// <summary>The app model must compile against Aspire unchanged, so nothing may be here that is not there.</summary>
    [Fact]
    public void PublicMembers_OfLocalHosting_AreAspires()
    {
        var aspires = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "PublicApi", "aspire-13.5.txt")).Where(l => !l.StartsWith('#')).ToHashSet();

        var strangers = PublicIds().Except(aspires).ToList();

        Assert.True(strangers.Count == 0, string.Join(Environment.NewLine, strangers));
    }

    [Fact]
    public void PublicTypes_OfLocalHosting_AreInAspiresNamespaces()
    {
        var outside = typeof(DistributedApplication).Assembly.GetExportedTypes().Where(t => t.Namespace?.StartsWith("Aspire.Hosting", StringComparison.Ordinal) != true);

        Assert.Empty(outside);
    }

    private static IEnumerable<string> PublicIds() =>
        typeof(DistributedApplication).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMembers(Declared).Where(IsVisible).Select(DocumentationId.Of).OfType<string>().Prepend(DocumentationId.Of(type)))
            .Distinct()
            .Order(StringComparer.Ordinal);

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
