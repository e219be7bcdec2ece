using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Audit;

namespace AiPlatform.Services.Api.ClinicalSessions.Analysis;

/// <summary>Counts in a transcript and quotes from it.</summary>
internal sealed class SessionAnalysisService(ClinicalSessionService sessions, ITranscriptStore transcripts)
{
    private const string Comprehensive = "comprehensive";
    private static readonly string[] Types = ["summary", "sentiment", "topics", "themes", Comprehensive];

    public async Task<SessionAnalysisResponse> AnalyzeAsync(
        CurrentUser user, Guid id, AnalyzeSessionRequest request, CancellationToken cancellationToken)
    {
        var type = request.AnalysisType ?? Comprehensive;
        if (!Types.Contains(type))
        {
            throw new DomainException(DomainErrorKind.Invalid, "session.analysis_invalid", "There is no such analysis.")
            {
                Errors = [new("analysisType", $"One of {string.Join(", ", Types)}.", "session.analysis_invalid")],
            };
        }

        var (session, transcript) = await sessions.ReadTranscriptAsync(user, id, request.ClientId, AuditActions.TranscriptAnalyzed, cancellationToken);
        if (transcript.Count == 0)
        {
            throw new DomainException(DomainErrorKind.Unprocessable, "session.transcript_missing", "The session has no transcript.");
        }

        var segments = AnalyzedSegment.Read(transcript);
        var topics = Topics.Find(segments);
        var speakers = await transcripts.ReadSpeakersAsync(user.PracticeId, id, cancellationToken);
        return new(session.Id, session.ClientId, type, "extractive", segments.Count, speakers)
        {
            Summary = Wants("summary") ? new(SalientStatements.Choose(segments), Questions.Find(segments)) : null,
            Sentiment = Wants("sentiment") ? Sentiment.Read(segments) : null,
            Topics = Wants("topics") ? [.. topics.Select(topic => topic.ToResponse())] : null,
            Themes = Wants("themes") ? Themes.Find(segments, topics) : null,
        };

        bool Wants(string part) => type is Comprehensive || type == part;
    }
}
