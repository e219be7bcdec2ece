using System.Globalization;
using AiPlatform.ServiceDefaults.Writes;

namespace AiPlatform.Services.Api.Homework;

/// <summary>What may be asked, and which answers fit.</summary>
internal static class HomeworkQuestions
{
    private const string Text = "text";
    private const string Scale = "scale";
    private const string Choice = "choice";
    private const int MaxQuestions = 50;
    private const int MaxOptions = 20;
    private const int MaxAnswerLength = 4000;

    public static IReadOnlyList<HomeworkQuestion> Check(IReadOnlyList<HomeworkQuestionRequest?>? asked, Faults faults)
    {
        if (asked?.Count > MaxQuestions)
        {
            faults.Add("questions", "list.too_long", $"At most {MaxQuestions} questions.");
            return [];
        }

        return [.. (asked ?? []).Select((question, index) => Check(question ?? new(null, null, null, null, null, null), index, faults))];
    }

    /// <summary>The answers in the order of their questions.</summary>
    public static IReadOnlyList<HomeworkAnswer> CheckAnswers(
        IReadOnlyList<HomeworkQuestion> questions, IReadOnlyList<HomeworkAnswerRequest?>? given, Faults faults)
    {
        var answers = new Dictionary<string, HomeworkAnswer>();
        var byId = questions.ToDictionary(question => question.Id);
        foreach (var (index, answer) in (given ?? []).Take(MaxQuestions + 1).Index())
        {
            var field = Field("answers", index);
            if (answer?.QuestionId is not { } id || !byId.TryGetValue(id, out var question))
            {
                faults.Add($"{field}.questionId", "homework.question_unknown", "The assignment has no such question.");
            }
            else if (!answers.TryAdd(id, CheckAnswer(question, answer, field, faults)))
            {
                faults.Add($"{field}.questionId", "homework.answered_twice", "The question is answered already.");
            }
        }

        foreach (var missing in questions.Where(question => question.Required && !answers.ContainsKey(question.Id)))
        {
            faults.Add("answers", "homework.answer_missing", $"The question {missing.Id} needs an answer.");
        }

        return [.. questions.Where(question => answers.ContainsKey(question.Id)).Select(question => answers[question.Id])];
    }

    /// <returns>The sum of the scales and what it could have been at most; nothing when there is no scale.</returns>
    public static (int? Score, int? Maximum) Score(IReadOnlyList<HomeworkQuestion> questions, IReadOnlyList<HomeworkAnswer> answers) =>
        questions.Any(question => question.Kind is Scale)
            ? (answers.Sum(answer => answer.Value ?? 0), questions.Sum(question => question.Maximum ?? 0))
            : (null, null);

    private static HomeworkQuestion Check(HomeworkQuestionRequest question, int index, Faults faults)
    {
        var field = Field("questions", index);
        var text = faults.Text($"{field}.text", question.Text, 1000);
        if (question.Kind is not (Text or Scale or Choice))
        {
            faults.Add($"{field}.kind", "homework.kind_unknown", "The kind is text, scale or choice.");
        }

        var (minimum, maximum) = CheckScale(question, field, faults);
        return new(
            string.Create(CultureInfo.InvariantCulture, $"q{index + 1}"), text, question.Kind ?? "", question.Required ?? true,
            minimum, maximum, CheckOptions(question, field, faults));
    }

    private static (int? Minimum, int? Maximum) CheckScale(HomeworkQuestionRequest question, string field, Faults faults)
    {
        if (question.Kind is Scale)
        {
            var minimum = faults.Number($"{field}.minimum", question.Minimum, 0, 99);
            return (minimum, faults.Number($"{field}.maximum", question.Maximum, Math.Clamp(minimum, 0, 99) + 1, 100));
        }

        if ((question.Minimum ?? question.Maximum) is not null)
        {
            faults.Add($"{field}.minimum", "homework.no_scale", "Only a scale has ends.");
        }

        return (null, null);
    }

    private static List<string>? CheckOptions(HomeworkQuestionRequest question, string field, Faults faults)
    {
        if (question.Kind is not Choice)
        {
            if (question.Options is not null)
            {
                faults.Add($"{field}.options", "homework.no_choice", "Only a choice has options.");
            }

            return null;
        }

        if (question.Options is not { Count: >= 2 and <= MaxOptions })
        {
            faults.Add($"{field}.options", "homework.options_invalid", $"A choice has 2 to {MaxOptions} options.");
            return null;
        }

        List<string> options = [.. question.Options.Select((option, index) => faults.Text(Field($"{field}.options", index), option, 200))];
        if (options.Distinct().Count() < options.Count)
        {
            faults.Add($"{field}.options", "homework.options_invalid", "An option stands twice.");
        }

        return options;
    }

    private static HomeworkAnswer CheckAnswer(HomeworkQuestion question, HomeworkAnswerRequest answer, string field, Faults faults)
    {
        if (question.Kind is Scale)
        {
            if (answer.Text is not null)
            {
                faults.Add($"{field}.text", "homework.answer_invalid", "A scale is answered with a value.");
            }

            return new(question.Id, faults.Number($"{field}.value", answer.Value, question.Minimum!.Value, question.Maximum!.Value), null);
        }

        if (answer.Value is not null)
        {
            faults.Add($"{field}.value", "homework.answer_invalid", "Only a scale is answered with a value.");
        }

        var text = faults.Text($"{field}.text", answer.Text, MaxAnswerLength);
        if (text.Length > 0 && question.Options?.Contains(text) is false)
        {
            faults.Add($"{field}.text", "homework.answer_invalid", "The answer is none of the options.");
        }

        return new(question.Id, null, text);
    }

    private static string Field(string list, int index) => string.Create(CultureInfo.InvariantCulture, $"{list}[{index}]");
}
