using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.ClinicalSessions;
using AiPlatform.Services.Api.Data;
using AiPlatform.Services.Api.Practitioners;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Services.Api.Fhir;

internal static class FhirServiceCollectionExtensions
{
    public static IServiceCollection AddFhir(this IServiceCollection services)
    {
        services.TryAddSingleton<ChangeReader>();
        services.TryAddSingleton<ClientChanges>();
        services.TryAddSingleton<PractitionerChanges>();
        services.TryAddSingleton<ClinicalSessionChanges>();
        services.TryAddSingleton<FhirPatients>();

        // Before the framework's own writer, which would take everything.
        services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, FhirProblemWriter>());
        return services;
    }
}
