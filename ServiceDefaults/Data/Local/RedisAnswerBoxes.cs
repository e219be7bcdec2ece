using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>
/// The library carries answers in boxes that it keeps to use again (StackExchange.Redis 1.2.6, <c>ResultBox&lt;T&gt;.store</c>). A call that fails while it is
/// written may give its box back twice; two calls then have the same one, and a caller gets the answer of another. Here every call has a box of its own.
/// </summary>
internal static class RedisAnswerBoxes
{
    private const BindingFlags Hidden = BindingFlags.NonPublic | BindingFlags.Static;

    private static readonly Assembly Library = typeof(ConnectionMultiplexer).Assembly;

    /// <summary>Once, before the first connection: later the library's compiled code may hold on to the places it knows.</summary>
    public static void KeepNone()
    {
        foreach (var store in Stores())
        {
            RuntimeHelpers.RunClassConstructor(store.DeclaringType!.TypeHandle);
            Set(store, Array.CreateInstance(store.FieldType.GetElementType()!, 0));
        }
    }

    /// <summary>Where boxes are kept, for each type of answer there is.</summary>
    /// <exception cref="InvalidOperationException">The library has none: it is another version.</exception>
    internal static IEnumerable<FieldInfo> Stores()
    {
        var (box, processor) = (TypeNamed("ResultBox`1"), TypeNamed("ResultProcessor`1"));
        return Library.GetTypes()
            .Select(type => AnswerOf(type, processor))
            .OfType<Type>()
            .Distinct()
            .Select(answer => box.MakeGenericType(answer).GetField("store", Hidden) ?? throw Unknown("store"));
    }

    private static Type TypeNamed(string name) => Library.GetType($"StackExchange.Redis.{name}") ?? throw Unknown(name);

    private static InvalidOperationException Unknown(string name) => new($"{Library.FullName} has no {name}.");

    // The T that a type derives ResultProcessor<T> for; one that is still generic itself is met again where it is derived from.
    private static Type? AnswerOf(Type type, Type processor)
    {
        for (var each = type.BaseType; each is not null; each = each.BaseType)
        {
            if (each.IsGenericType && each.GetGenericTypeDefinition() == processor)
            {
                return each.ContainsGenericParameters ? null : each.GetGenericArguments()[0];
            }
        }

        return null;
    }

    // Reflection does not write to what is read-only, code does.
    private static void Set(FieldInfo field, Array value)
    {
        var method = new DynamicMethod("", null, [typeof(Array)], field.Module, skipVisibility: true);
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Castclass, field.FieldType);
        code.Emit(OpCodes.Stsfld, field);
        code.Emit(OpCodes.Ret);
        method.CreateDelegate<Action<Array>>()(value);
    }
}
