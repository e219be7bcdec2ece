using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace AiPlatform.LocalHosting.Tests.PublicApi;

/// <summary>What a documentation id leaves out and a caller relies on: modifiers, return types, parameter names and defaults, accessors, constraints.</summary>
internal static class Signature
{
    public static string Of(MemberInfo member) => member switch
    {
        Type type => OfType(type) + Constraints(type.GetGenericArguments()),
        FieldInfo { IsLiteral: true } field => $"const {Name(field.FieldType)} = {Literal(field.GetRawConstantValue())}",
        FieldInfo field => $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{Name(field.FieldType)}",
        PropertyInfo property => OfProperty(property),
        ConstructorInfo constructor => $"({Parameters(constructor)})",
        MethodInfo method => $"{Modifiers(method)}{Name(method.ReturnType)} ({Parameters(method)}){Constraints(method.GetGenericArguments())}",
        _ => throw new NotSupportedException($"{member} is of a kind without a signature."),
    };

    private static string OfType(Type type) => type switch
    {
        { IsInterface: true } => "interface",
        { IsEnum: true } => "enum",
        { IsValueType: true } => $"{(Is<IsReadOnlyAttribute>(type) ? "readonly " : "")}{(type.IsByRefLike ? "ref " : "")}struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        _ => $"{(type.IsAbstract ? "abstract " : "")}{(type.IsSealed ? "sealed " : "")}{(type.GetMethod("<Clone>$") is null ? "class" : "record")}",
    };

    private static string OfProperty(PropertyInfo property)
    {
        var accessors = new[] { (Method: property.GetMethod, Word: "get"), (Method: property.SetMethod, Word: IsInit(property) ? "init" : "set") }
            .Where(a => a.Method is { IsPublic: true } or { IsFamily: true })
            .Select(a => $"{(a.Method!.IsFamily ? "protected " : "")}{a.Word};");
        return $"{(Is<RequiredMemberAttribute>(property) ? "required " : "")}{Modifiers(property.GetAccessors(nonPublic: true)[0])}{Name(property.PropertyType)} {{ {string.Join(' ', accessors)} }}";
    }

    // Whether a member of an interface has a body is no matter of its callers.
    private static string Modifiers(MethodInfo method) =>
        (method.IsStatic ? "static " : "") + method switch
        {
            { DeclaringType.IsInterface: true } => "",
            { IsAbstract: true } => "abstract ",
            { IsVirtual: true, IsFinal: false } => method.GetBaseDefinition() == method ? "virtual " : "override ",
            _ => "",
        };

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select((p, i) =>
        (i == 0 && Is<ExtensionAttribute>(method) ? "this " : "")
        + (Is<ParamArrayAttribute>(p) ? "params " : "")
        + (p.IsOut ? "out " : p.IsIn ? "in " : p.ParameterType.IsByRef ? "ref " : "")
        + $"{Name(p.ParameterType.IsByRef ? p.ParameterType.GetElementType()! : p.ParameterType)} {p.Name}"
        + (p.HasDefaultValue ? $" = {Literal(p.RawDefaultValue)}" : "")));

    private static string Constraints(Type[] arguments) => string.Concat(arguments.Select(a =>
    {
        var attributes = a.GenericParameterAttributes;
        string[] constraints =
        [
            .. attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? ["class"] : Array.Empty<string>(),
            .. a.GetGenericParameterConstraints().Select(Name).Order(StringComparer.Ordinal),
            .. attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) ? ["new()"] : Array.Empty<string>(),
        ];
        var variance = attributes.HasFlag(GenericParameterAttributes.Covariant) ? "out " : attributes.HasFlag(GenericParameterAttributes.Contravariant) ? "in " : "";
        return constraints.Length + variance.Length == 0 ? "" : $" where {variance}{a.Name} : {string.Join(", ", constraints)}";
    }));

    private static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Name(Type type) => type switch
    {
        { IsGenericParameter: true } => type.Name,
        { IsArray: true } => $"{Name(type.GetElementType()!)}[]",
        { IsGenericType: true } => $"{type.GetGenericTypeDefinition().FullName!.Split('`')[0].Replace('+', '.')}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>",
        _ => type.FullName!.Replace('+', '.'),
    };

    private static bool IsInit(PropertyInfo property) =>
        property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;

    private static bool Is<T>(MemberInfo member)
        where T : Attribute
        => member.IsDefined(typeof(T), inherit: false);

    private static bool Is<T>(ParameterInfo parameter)
        where T : Attribute
        => parameter.IsDefined(typeof(T), inherit: false);
}
