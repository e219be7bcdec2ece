using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Models.Caching;

/// <summary>What of a group's settings changes its answers: who serves it, with which model, and what becomes of a request on the way. Not keys, weights or limits.</summary>
internal static class GroupIdentity
{
    private static readonly ConditionalWeakTable<ModelGroup, byte[]> Known = [];

    /// <summary>Its hash, made once for each group of a catalogue.</summary>
    public static ReadOnlySpan<byte> Of(ModelGroup group) => Known.GetValue(group, Hash);

    private static byte[] Hash(ModelGroup group)
    {
        var endpoints = group.Endpoints.Select(Describe).Order(StringComparer.Ordinal);
        return SHA256.HashData(Encoding.UTF8.GetBytes($"{group.Name}\n{group.Capabilities}\n{string.Join('\n', endpoints)}"));
    }

    private static string Describe(ModelEndpoint endpoint)
    {
        var (rename, drop) = (endpoint.Parameters.Rename, endpoint.Parameters.Drop);
        object?[] parts =
        [
            endpoint.Provider, endpoint.Api, endpoint.Vendor.Name, endpoint.BaseUrl, endpoint.ApiVersion, endpoint.ModelId, endpoint.Reasons,
            string.Join(',', rename.Select(pair => $"{pair.Key}>{pair.Value}").Order(StringComparer.Ordinal)), string.Join(',', drop.Order(StringComparer.Ordinal)),
        ];
        return string.Join('\t', parts);
    }
}
