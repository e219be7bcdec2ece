using System.Net;
using AiPlatform.Services.Api.ClinicalSessions.Retention;
using AiPlatform.Services.Api.Tests.Audit;
using AiPlatform.Tests.Common;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Retention;

/// <summary>A practice whose time passes by hand.</summary>
public sealed class RetentionFactory : ApiFactory
{
    internal ShiftedTime Clock { get; } = new();

    protected override TimeProvider Time => Clock;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);

        // Tests say when transcripts are erased.
        builder.ConfigureTestServices(services => services.Remove(services.Single(service => service.ImplementationType == typeof(TranscriptRetentionWorker))));
    }

    public async Task ChooseAsync(SamplePerson owner, string transcripts)
    {
        using var client = await CreateClientAsync(owner);
        await (await client.WriteAsync(HttpMethod.Put, "/api/v1/clinic/retention", $$"""{"transcripts":"{{transcripts}}"}""", ifMatch: "*")).ReadAsync(HttpStatusCode.OK);
    }

    public Task EraseAsync() => Services.GetRequiredService<TranscriptRetention>().EraseAsync(CancellationToken.None);

    /// <summary>Rows that hold something of the session's transcript: segments, search words beyond the title, embeddings.</summary>
    public async Task<(int Segments, string? Words, int Embeddings)> LeftOfAsync(string sessionId) => (
        await this.ReadAsync<int>("select count(*) from clinical_session_segments where session_id = @sessionId", new { sessionId }),
        await this.ReadAsync<string>("select words from clinical_session_words where session_id = @sessionId", new { sessionId }),
        await this.ReadAsync<int>("select count(*) from clinical_session_embeddings where session_id = @sessionId", new { sessionId }));
}
