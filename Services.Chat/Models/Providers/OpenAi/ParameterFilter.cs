using System.Text.Json.Nodes;
using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi;

/// <summary>Takes out of a request we wrote what its endpoint refuses, and calls the rest as the endpoint does.</summary>
internal static class ParameterFilter
{
    private const string OfMessages = "messages[].";

    public static void Apply(ParameterRules rules, JsonObject body)
    {
        foreach (var name in rules.Drop)
        {
            if (name.StartsWith(OfMessages, StringComparison.Ordinal))
            {
                foreach (var message in body["messages"]?.AsArray().OfType<JsonObject>() ?? [])
                {
                    message.Remove(name[OfMessages.Length..]);
                }
            }
            else
            {
                body.Remove(name);
            }
        }

        foreach (var (from, to) in rules.Rename)
        {
            if (body.Remove(from, out var value))
            {
                body.TryAdd(to, value);
            }
        }
    }
}
