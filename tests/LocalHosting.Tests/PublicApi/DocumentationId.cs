using System.Reflection;

namespace AiPlatform.LocalHosting.Tests.PublicApi;

/// <summary>Names members as the compiler does in documentation files: M:Space.Type.Method``1(System.String,``0@).</summary>
internal static class DocumentationId
{
    public static string Of(Type type) => $"T:{Name(type)}";

    public static string? Of(MemberInfo member) => member switch
    {
        FieldInfo { IsSpecialName: false } field => $"F:{Name(field.DeclaringType!)}.{field.Name}",
        PropertyInfo property => $"P:{Name(property.DeclaringType!)}.{property.Name}{Parameters(property.GetIndexParameters())}",
        EventInfo @event => $"E:{Name(@event.DeclaringType!)}.{@event.Name}",
        ConstructorInfo constructor => $"M:{Name(constructor.DeclaringType!)}.#ctor{Parameters(constructor.GetParameters())}",
        MethodInfo method => Of(method),
        _ => null,
    };

    private static string Of(MethodInfo method)
    {
        var arity = method.IsGenericMethodDefinition ? $"``{method.GetGenericArguments().Length}" : "";
        var name = method.Name == "<Clone>$" ? "{Clone}$" : method.Name;
        var returned = method.Name is "op_Implicit" or "op_Explicit" ? $"~{Reference(method.ReturnType)}" : "";
        return $"M:{Name(method.DeclaringType!)}.{name}{arity}{Parameters(method.GetParameters())}{returned}";
    }

    private static string Parameters(ParameterInfo[] parameters) =>
        parameters.Length == 0 ? "" : $"({string.Join(',', parameters.Select(p => Reference(p.ParameterType)))})";

    private static string Name(Type type) => (type.FullName ?? type.Name).Replace('+', '.');

    private static string Reference(Type type)
    {
        if (type.IsByRef)
        {
            return Reference(type.GetElementType()!) + "@";
        }

        if (type.IsArray)
        {
            return Reference(type.GetElementType()!) + "[]";
        }

        if (type.IsGenericParameter)
        {
            return (type.DeclaringMethod is null ? "`" : "``") + type.GenericParameterPosition;
        }

        if (!type.IsGenericType)
        {
            return Name(type);
        }

        var definition = Name(type.GetGenericTypeDefinition());
        return $"{definition[..definition.IndexOf('`', StringComparison.Ordinal)]}{{{string.Join(',', type.GetGenericArguments().Select(Reference))}}}";
    }
}
