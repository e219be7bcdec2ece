using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Keys;

/// <summary>The catalogue as a caller may see it: a model that is not the key's to use is one that is not there.</summary>
internal static class VisibleModels
{
    /// <exception cref="DomainException">model.unknown</exception>
    public static ModelGroup FindFor(this ModelCatalogue catalogue, HttpContext caller, string? model) =>
        catalogue.Find(model) is var group && caller.MaySee(group) ? group : throw ModelCatalogue.Unknown(model);

    public static bool MaySee(this HttpContext caller, ModelGroup group) => caller.Features.Get<VirtualKey>()?.MayUse(group) is not false;
}
