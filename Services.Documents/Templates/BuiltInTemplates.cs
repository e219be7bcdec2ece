namespace AiPlatform.Services.Documents.Templates;

/// <summary>Templates that come with the product, and those of the sample practices. Ids are fixed, texts are embedded files.</summary>
internal static class BuiltInTemplates
{
    public static readonly Guid SamplePracticeA = new("0a000000-0000-7000-8000-000000000001");
    public static readonly Guid SamplePracticeB = new("0b000000-0000-7000-8000-000000000001");

    public static IReadOnlyList<Template> Public { get; } =
    [
        Shipped("0d000000-0000-7000-8000-000000000001", "Session Progress Note", "Progress note of one session: concerns, discussion, interventions, plan.", "session-progress-note.md"),
        Shipped("0d000000-0000-7000-8000-000000000002", "SOAP Note", "Subjective, objective, assessment and plan.", "soap-note.md"),
        Shipped("0d000000-0000-7000-8000-000000000003", "Intake Summary", "First session: reason for coming, history, supports, goals.", "intake-summary.md"),
        Shipped("0d000000-0000-7000-8000-000000000004", "Treatment Plan Review", "Progress towards goals, barriers and changes to the plan.", "treatment-plan-review.md"),
        Shipped("0d000000-0000-7000-8000-000000000005", "Brief Case Note", "Three short sections for the file.", "brief-case-note.md"),
    ];

    public static IReadOnlyList<Template> OfSamplePracticeA { get; } =
    [
        OfClinic("0d00000a-0000-7000-8000-000000000001", "Harbour Weekly Review", "Weekly review of mood, sleep and homework.", "weekly-review.md"),
        OfClinic("0d00000a-0000-7000-8000-000000000002", "Motivational Interview Summary", "Change talk, barriers and next step.", "motivational-interview-summary.md"),
    ];

    public static IReadOnlyList<Template> OfSamplePracticeB { get; } =
    [
        OfClinic("0d00000b-0000-7000-8000-000000000001", "Referral Letter to General Practitioner", "Short letter to the client's doctor.", "referral-letter.md"),
        OfClinic("0d00000b-0000-7000-8000-000000000002", "Closing Summary", "End of therapy: course, outcome, what helps.", "closing-summary.md"),
    ];

    private static Template Shipped(string id, string name, string description, string file) =>
        new(new Guid(id), name, description, TemplateType.Public, Read(file));

    private static Template OfClinic(string id, string name, string description, string file) =>
        new(new Guid(id), name, description, TemplateType.Clinic, Read(file));

    private static string Read(string file)
    {
        using var stream = typeof(BuiltInTemplates).Assembly.GetManifestResourceStream($"templates/{file}")
            ?? throw new InvalidOperationException($"The template file {file} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Trim();
    }
}
