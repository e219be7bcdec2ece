using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AiPlatform.Services.Api.Fhir;

[JsonSerializable(typeof(FhirResource))]
internal sealed partial class FhirJsonContext : JsonSerializerContext
{
    // Names and phone numbers as they are, like everywhere on our wire; nothing of it is put into HTML.
    private static readonly FhirJsonContext Written = new(new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Of the base type: only so is the resourceType written.</summary>
    public static JsonTypeInfo<FhirResource> Resource => Written.FhirResource;
}
