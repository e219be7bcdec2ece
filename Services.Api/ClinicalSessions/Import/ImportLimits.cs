using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Api.ClinicalSessions.Import;

internal static class ImportLimits
{
    public const int Segments = 5_000;
    public const long Bytes = 10 * 1024 * 1024;
    public const int Errors = 100;
    public const int SpeakerLength = 64;
    public const int TextLength = 16_000;
    public const int TitleLength = 200;

    public static void EnsureSegments(int count)
    {
        if (count > Segments)
        {
            throw new DomainException(DomainErrorKind.TooLarge, "session.too_many_segments", $"A transcript has at most {Segments:N0} segments.");
        }
    }

    public static DomainException BodyTooLarge() =>
        new(DomainErrorKind.TooLarge, "session.import_too_large", $"An import is at most {Bytes / 1024 / 1024} MB.");
}
