namespace AiPlatform.Services.Chat.Agents.Personas;

/// <summary>One role an agent can take. Its tools are those that name it in their permissions.</summary>
/// <param name="Model">The model group that serves it unless a run asks for another.</param>
/// <param name="MaxOutputTokens">The ceiling of one reply of the model.</param>
/// <param name="SeesPractice">True when page, user and practice may be told to the model.</param>
internal sealed record Persona(
    string Name, string Prompt, string Model, float Temperature, int MaxOutputTokens, bool SeesPractice);
