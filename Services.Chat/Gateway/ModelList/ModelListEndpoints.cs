using System.Text.Json.Serialization;
using AiPlatform.Services.Chat.Keys;
using AiPlatform.Services.Chat.Models.Catalogue;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Chat.Gateway.ModelList;

internal static class ModelListEndpoints
{
    /// <summary>Groups and their aliases that the caller may use; what serves them stays inside, but whether it is the embedded model is said.</summary>
    public static JsonHttpResult<ModelListResponse> List(HttpContext caller, ModelCatalogue catalogue) =>
        TypedResults.Json(
            new ModelListResponse("list", [.. catalogue.Current.Groups.Where(caller.MaySee).SelectMany(group => group.Aliases.Prepend(group.Name), ToEntry).DistinctBy(entry => entry.Id)]),
            ModelListJsonContext.Default.ModelListResponse);

    public static JsonHttpResult<ModelListEntry> Get(string model, HttpContext caller, ModelCatalogue catalogue) =>
        TypedResults.Json(ToEntry(catalogue.FindFor(caller, model), model), ModelListJsonContext.Default.ModelListEntry);

    private static ModelListEntry ToEntry(ModelGroup group, string name) => new(name, "model", 0, group.Endpoints[0].Provider);
}

internal sealed record ModelListResponse(string Object, IReadOnlyList<ModelListEntry> Data);

internal sealed record ModelListEntry(string Id, string Object, long Created, string OwnedBy);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ModelListResponse))]
[JsonSerializable(typeof(ModelListEntry))]
internal sealed partial class ModelListJsonContext : JsonSerializerContext;
