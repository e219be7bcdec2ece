using System.Globalization;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Agents.Personas;
using AiPlatform.Services.Chat.Sessions;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Agents.Context;

/// <summary>
/// The system message: the persona's prompt, then who asks, when, and what is on the screen. What changes most comes last, so that
/// providers can reuse what stands before it.
/// </summary>
internal static class SystemPrompt
{
    public static ChatMessage Build(Persona persona, CurrentUser user, UiState state, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var text = persona.SeesPractice
            ? $"""
              {persona.Prompt}

              <user>
              {DescribeUser(user)}
              </user>
              <now>{time}</now>
              <ui_state>
              {ScreenState.ToJson(state)}
              </ui_state>
              """
            : $"""
              {persona.Prompt}

              <now>{time}</now>
              """;
        return new(ChatRole.System, text);
    }

    private static string DescribeUser(CurrentUser user) => JsonSerializer.Serialize(
        new PromptUser(user.Role.ToString().ToLowerInvariant(), user.PracticeId, user.ProfileId), PromptJsonContext.Default.PromptUser);
}
