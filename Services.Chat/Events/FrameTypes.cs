using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Chat.Events;

/// <summary>The event name of each frame type, as <see cref="FrameBody"/> declares it.</summary>
internal static class FrameTypes
{
    private static readonly FrozenDictionary<Type, string> Names = typeof(FrameBody)
        .GetCustomAttributes<JsonDerivedTypeAttribute>()
        .ToFrozenDictionary(attribute => attribute.DerivedType, attribute => (string)attribute.TypeDiscriminator!);

    public static string NameOf(FrameBody frame) => Names[frame.GetType()];
}
