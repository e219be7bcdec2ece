namespace AiPlatform.Services.Api.Audit;

/// <summary>What the practice's own service records; the other services bring names of their own.</summary>
internal static class AuditActions
{
    public const string SignedIn = "auth.signed_in";
    public const string SignInFailed = "auth.sign_in_failed";
    public const string SignedOut = "auth.signed_out";
    public const string RefreshReused = "auth.refresh_reused";
    public const string RunTokenIssued = "run.token_issued";
    public const string ClientRead = "client.read";
    public const string ClientSummaryRead = "client.summary_read";
    public const string ClientCreated = "client.created";
    public const string ClientChanged = "client.changed";
    public const string CareRead = "care.read";
    public const string CareArranged = "care.arranged";
    public const string CareChanged = "care.changed";
    public const string ProfileUsed = "profile.used";
    public const string TranscriptRead = "session.transcript_read";
    public const string TranscriptSearched = "session.transcript_searched";
    public const string TranscriptAnalyzed = "session.transcript_analyzed";
    public const string TranscriptErased = "session.transcript_erased";
    public const string SessionImported = "session.imported";
    public const string SessionCreated = "session.created";
    public const string SessionChanged = "session.changed";
    public const string ConsentGiven = "consent.given";
    public const string ConsentWithdrawn = "consent.withdrawn";
    public const string ConsentsRead = "consent.read";
    public const string RetentionChanged = "retention.changed";
    public const string HomeworkAssigned = "homework.assigned";
    public const string HomeworkChanged = "homework.changed";
    public const string HomeworkSubmitted = "homework.submitted";
    public const string HomeworkFeedbackGiven = "homework.feedback_given";
    public const string HomeworkResultRead = "homework.result_read";
    public const string MoodRecorded = "mood.recorded";
    public const string MoodRead = "mood.read";
    public const string PracticeChanged = "practice.changed";
    public const string LocationAdded = "location.added";
    public const string LocationChanged = "location.changed";
    public const string LocationRemoved = "location.removed";
    public const string PractitionerAdded = "practitioner.added";
    public const string PractitionerChanged = "practitioner.changed";
    public const string ReportCreated = "report.created";
    public const string ReportRead = "report.read";
    public const string ReportDownloaded = "report.downloaded";
    public const string ViolationRecorded = "violation.recorded";
    public const string ViolationRead = "violation.read";
    public const string RowsRemoved = "audit.rows_removed";
}

/// <summary>Kinds of records that events are about.</summary>
internal static class AuditRecords
{
    public const string User = "user";
    public const string Run = "run";
    public const string Client = "client";
    public const string CareRelation = "care_relation";
    public const string Profile = "profile";
    public const string Session = "session";
    public const string Consent = "consent";
    public const string Retention = "retention";
    public const string Homework = "homework";
    public const string HomeworkResult = "homework_result";
    public const string Mood = "mood";
    public const string Practice = "practice";
    public const string Location = "location";
    public const string Practitioner = "practitioner";
    public const string Report = "report";
    public const string Violation = "violation";
    public const string Audit = "audit";
}

internal static class AuditOutcomes
{
    public const string Success = "success";
    public const string Refused = "refused";
    public const string Failed = "failed";
}
