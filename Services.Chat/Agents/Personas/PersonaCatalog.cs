using System.Diagnostics.CodeAnalysis;
using AiPlatform.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Agents.Personas;

/// <summary>The personas there are, with the operator's settings applied.</summary>
internal sealed class PersonaCatalog(IOptions<AgentOptions> options)
{
    private readonly Dictionary<string, Persona> _personas = new List<Persona> { WebAssistant.Persona }
        .Select(persona => Apply(persona, options.Value.Personas.GetValueOrDefault(persona.Name)))
        .ToDictionary(persona => persona.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _personas.Keys;

    public bool TryFind(string name, [NotNullWhen(true)] out Persona? persona) => _personas.TryGetValue(name, out persona);

    public Persona Get(string name) => TryFind(name, out var persona)
        ? persona
        : throw new DomainException(DomainErrorKind.Invalid, "persona.unknown", $"There is no such persona. There are: {string.Join(", ", Names)}.");

    private static Persona Apply(Persona persona, PersonaOptions? changes) => persona with
    {
        Model = changes?.Model ?? persona.Model,
        Temperature = changes?.Temperature ?? persona.Temperature,
        MaxOutputTokens = changes?.MaxOutputTokens ?? persona.MaxOutputTokens,
    };
}
