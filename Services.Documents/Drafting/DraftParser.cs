using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using AiPlatform.Services.Documents.Templates;

namespace AiPlatform.Services.Documents.Drafting;

/// <summary>Reads a model's reply as a draft of a given plan, or says what is wrong with it in words for the model.</summary>
internal static class DraftParser
{
    private const int MaxSentences = 500;
    private const int MaxSentenceLength = 2_000;
    private const int MaxEvidence = 50;
    private const int MaxNoteLength = 1_000;

    public static bool TryParse(
        string reply, DraftPlan plan, [NotNullWhen(true)] out Draft? draft, [NotNullWhen(false)] out string? fault)
    {
        draft = null;
        try
        {
            draft = JsonSerializer.Deserialize(WithoutFence(reply), DraftJsonContext.Default.Draft);
        }
        catch (JsonException)
        {
            fault = "it is not the JSON object asked for.";
            return false;
        }

        fault = draft is null ? "it is empty." : FindFault(draft, plan);
        if (fault is not null)
        {
            draft = null;
            return false;
        }

        draft = draft! with
        {
            Note = string.IsNullOrWhiteSpace(draft.Note) ? null : draft.Note.Trim(),
            Sections = [.. draft.Sections.Select(section => new DraftSection(
            section.Heading.Trim(),
            [.. section.Sentences.Select(sentence => sentence with { Text = sentence.Text.Trim() })]))],
        };
        return true;
    }

    private static string? FindFault(Draft draft, DraftPlan plan)
    {
        var sentences = draft.Sections.SelectMany(section => section.Sentences).ToArray();
        if (draft.Sections.Count is 0 or > TemplateRules.MaxSections * 2)
        {
            return "it has no sections, or far too many.";
        }

        if (!plan.MayChangeSections && draft.Sections.Any(section => !plan.Headings.Contains(section.Heading.Trim(), StringComparer.OrdinalIgnoreCase)))
        {
            return "it has a heading that the template has not.";
        }

        if (draft.Sections.Any(section => section.Heading.Trim().Length is 0 or > TemplateRules.MaxHeadingLength) || draft.Note?.Length > MaxNoteLength)
        {
            return "a heading or the note is empty or too long.";
        }

        if (sentences.Any(sentence => string.IsNullOrWhiteSpace(sentence.Text)))
        {
            return "it has an empty sentence.";
        }

        return sentences.Length > MaxSentences
            || sentences.Any(sentence => sentence.Text.Length > MaxSentenceLength || sentence.Evidence.Count > MaxEvidence)
                ? $"it is too long: at most {MaxSentences} sentences of {MaxSentenceLength} characters with {MaxEvidence} segments each."
                : null;
    }

    // Some models wrap JSON although told not to: ```json\n{...}\n```
    private static string WithoutFence(string reply)
    {
        var text = reply.Trim();
        if (!text.StartsWith("```", StringComparison.Ordinal) || !text.EndsWith("```", StringComparison.Ordinal))
        {
            return text;
        }

        var firstLine = text.IndexOf('\n', StringComparison.Ordinal);
        return firstLine < 0 ? text : text[firstLine..^3];
    }
}
