using System.Runtime.CompilerServices;
using System.Text.Json;
using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>What an endpoint's parameter rules say of a request's members, put together once.</summary>
internal sealed class EndpointRules
{
    // messages[].name
    private const string InMessages = "messages[].";

    private static readonly ConditionalWeakTable<ModelEndpoint, EndpointRules> Known = [];

    private readonly ParameterRules _rules;

    private EndpointRules(ModelEndpoint endpoint)
    {
        _rules = endpoint.Parameters;
        Model = JsonSerializer.SerializeToUtf8Bytes(endpoint.ModelId, RequestJsonContext.Default.String);
        MessageDrops = [.. _rules.Drop.Where(static name => name.StartsWith(InMessages, StringComparison.Ordinal)).Select(static name => name[InMessages.Length..])];
    }

    /// <summary>The model's name there, as JSON.</summary>
    public byte[] Model { get; }

    /// <summary>Members that no message may have.</summary>
    public IReadOnlyList<string> MessageDrops { get; }

    public static EndpointRules Of(ModelEndpoint endpoint) => Known.GetValue(endpoint, static endpoint => new(endpoint));

    public bool Drops(JsonMember member, ReadOnlySpan<byte> json) => _rules.Drop.Count > 0 && _rules.Drop.Contains(member.Name(json));

    /// <returns>Null when it keeps the one it has.</returns>
    public string? NewName(JsonMember member, ReadOnlySpan<byte> json) => _rules.Rename.Count > 0 ? _rules.Rename.GetValueOrDefault(member.Name(json)) : null;
}
