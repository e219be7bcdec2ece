using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Documents.Templates;

/// <summary>What a template's text must satisfy, whether stored or sent along with a request.</summary>
internal static class TemplateRules
{
    public const int MaxNameLength = 120;
    public const int MaxDescriptionLength = 500;
    public const int MaxContentLength = 20_000;
    public const int MaxSections = 40;
    public const int MaxHeadingLength = 200;

    private const string Field = "content";

    /// <exception cref="DomainException">The first broken rule gives the code; every fault found is in its errors.</exception>
    public static TemplateOutline Check(string name, string content)
    {
        var errors = new List<FieldError>();
        if (string.IsNullOrWhiteSpace(content))
        {
            errors.Add(new(Field, "A template needs some text.", "template.empty"));
        }
        else if (content.Length > MaxContentLength)
        {
            errors.Add(new(Field, $"A template has at most {MaxContentLength} characters.", "template.too_long"));
        }

        errors.AddRange(TemplateVariables.NamesIn(content).Except(TemplateVariables.Known).Select(UnknownVariable));
        if (TemplateVariables.HasStrayBraces(content))
        {
            errors.Add(new(Field, "Double braces stand around one variable name, as in {{clientName}}.", "template.malformed_variable"));
        }

        var outline = TemplateParser.Parse(content, name);
        CheckSections(outline, errors);

        return errors.Count == 0
            ? outline
            : throw new DomainException(DomainErrorKind.Invalid, errors[0].Code!, errors[0].Message) { Errors = errors };
    }

    private static FieldError UnknownVariable(string variable) => new(
        Field,
        $"The template names the variable {{{{{variable}}}}}; known are {string.Join(", ", TemplateVariables.Known)}.",
        "template.unknown_variable");

    private static void CheckSections(TemplateOutline outline, List<FieldError> errors)
    {
        if (outline.Sections.Count > MaxSections)
        {
            errors.Add(new(Field, $"A template has at most {MaxSections} sections.", "template.too_many_sections"));
        }

        // A draft comes back by heading, so a heading names one section.
        var repeated = outline.Sections.GroupBy(section => section.Heading, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1);
        errors.AddRange(repeated.Select(group => new FieldError(Field, $"The heading \"{group.Key}\" occurs twice.", "template.duplicate_section")));

        if (outline.Sections.Any(section => section.Heading.Length > MaxHeadingLength) || outline.Title?.Length > MaxHeadingLength)
        {
            errors.Add(new(Field, $"A heading has at most {MaxHeadingLength} characters.", "template.heading_too_long"));
        }
    }
}
