namespace AiPlatform.Services.Api.Practices;

internal interface IPracticeStore
{
    Task<PracticeResponse?> FindAsync(Guid practiceId, CancellationToken cancellationToken);
}
