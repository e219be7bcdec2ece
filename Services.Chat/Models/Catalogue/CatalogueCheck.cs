namespace AiPlatform.Services.Chat.Models.Catalogue;

internal static class CatalogueCheck
{
    /// <summary>Reads the catalogue before anything starts. One with faults is for the operator to mend: they get the list of them on the console, and no stack trace.</summary>
    public static bool HasCatalogue(this WebApplication app)
    {
        try
        {
            _ = app.Services.GetRequiredService<ModelCatalogue>();
            return true;
        }
        catch (InvalidCatalogueException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return false;
        }
    }
}
