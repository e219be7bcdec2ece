using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi;

/// <summary>
/// Whether a model is held to a schema to the letter, which OpenAI's wires can say and Microsoft.Extensions.AI cannot. A strict schema names every field as
/// required and allows no others, and servers refuse any other as one: what a caller said of theirs goes along.
/// </summary>
internal static class Strictness
{
    private const string OfFormat = "openai.strict_format";

    public static AIFunctionDeclaration Declare(string name, string description, JsonElement schema, bool? strict) =>
        strict is true ? new StrictFunction(name, description, schema) : AIFunctionFactory.CreateDeclaration(name, description, schema);

    public static AdditionalPropertiesDictionary WithFormat(bool? strict) => new() { [OfFormat] = strict is true };

    /// <summary>Tools are not unless it was said: those of our own agents leave fields out.</summary>
    public static bool IsStrict(this AITool tool) => tool is StrictFunction;

    /// <summary>The answer's format is unless it was said otherwise: our own schemas are made for it.</summary>
    public static bool HasStrictFormat(this ChatOptions options) => options.AdditionalProperties?.GetValueOrDefault(OfFormat) is not false;

    private sealed class StrictFunction(string name, string description, JsonElement schema) : AIFunctionDeclaration
    {
        public override string Name => name;

        public override string Description => description;

        public override JsonElement JsonSchema => schema;
    }
}
