using AiPlatform.ServiceDefaults.Data;

namespace AiPlatform.Services.Documents.Templates;

/// <summary>Writes the built-in templates at each start, after the migrations; a repeated start changes nothing.</summary>
internal sealed class TemplateSeeding(ITemplateStore store, IHostEnvironment environment) : IAfterMigrations
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await store.SeedAsync(practiceId: null, BuiltInTemplates.Public, cancellationToken);

        if (environment.IsDevelopment())
        {
            await store.SeedAsync(BuiltInTemplates.SamplePracticeA, BuiltInTemplates.OfSamplePracticeA, cancellationToken);
            await store.SeedAsync(BuiltInTemplates.SamplePracticeB, BuiltInTemplates.OfSamplePracticeB, cancellationToken);
        }
    }
}
