using System.Data.Common;

namespace AiPlatform.Services.Api.Data.Sample;

/// <summary>A template that the policy refused to an invented practitioner.</summary>
internal sealed record SampleViolation(
    Guid Id, Guid PracticeId, Guid ProfileId, string TemplateId, string TemplateName, string ViolationType, string TemplateContent, string Reason,
    double Confidence, Guid? ClientId, string IpAddress, string UserAgent, Guid RecordedBy, DateTimeOffset RecordedAt)
{
    public static Task InsertAsync(
        DbConnection connection, DbTransaction transaction, IReadOnlyList<SampleViolation> violations, CancellationToken cancellationToken) =>
        MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            """
            insert ignore into violations
                (id, practice_id, profile_id, template_id, template_name, violation_type, template_content, reason, confidence, client_id, ip_address,
                 user_agent, recorded_by, recorded_at)
            """,
            violations.Select(violation => (object?[])
            [
                violation.Id, violation.PracticeId, violation.ProfileId, violation.TemplateId, violation.TemplateName, violation.ViolationType,
                violation.TemplateContent, violation.Reason, violation.Confidence, violation.ClientId, violation.IpAddress, violation.UserAgent,
                violation.RecordedBy, violation.RecordedAt,
            ]),
            cancellationToken);
}
