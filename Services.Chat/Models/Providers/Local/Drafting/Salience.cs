namespace AiPlatform.Services.Chat.Models.Providers.Local.Drafting;

/// <summary>How much a statement says about its session: words that the client keeps coming back to, feelings, a whole thought.</summary>
internal sealed class Salience
{
    private const double TooAlike = 0.5;

    private readonly Dictionary<string, double> _weights;

    public Salience(IReadOnlyList<Statement> statements)
    {
        _weights = statements.SelectMany(statement => statement.Stems.Distinct())
            .CountBy(stem => stem, StringComparer.Ordinal)
            .ToDictionary(pair => pair.Key, pair => Math.Log(1 + pair.Value), StringComparer.Ordinal);
    }

    public double Of(Statement statement)
    {
        var stems = statement.Stems.Distinct().ToList();

        if (stems.Count == 0)
        {
            return 0;
        }

        var centre = stems.Sum(stem => _weights.GetValueOrDefault(stem)) / Math.Sqrt(stems.Count + 3);
        var length = statement.WordCount switch { < 5 => 0.3, < 8 => 0.8, > 45 => 0.7, _ => 1.0 };
        var person = statement.Text.StartsWith('I') || statement.Text.Contains(" I ", StringComparison.Ordinal) || statement.Text.Contains("my ", StringComparison.OrdinalIgnoreCase) ? 1.25 : 1.0;
        var feeling = (statement.Topics & (Topic.Mood | Topic.Risk | Topic.Wish | Topic.Doubt | Topic.Commitment)) != 0 ? 1.2 : 1.0;

        return centre * length * person * feeling * (statement.IsQuestion ? 0.3 : 1.0) * (statement.Topics == Topic.None ? 0.7 : 1.0);
    }

    public static bool Alike(Statement left, Statement right)
    {
        var a = left.Stems.ToHashSet(StringComparer.Ordinal);
        var b = right.Stems.ToHashSet(StringComparer.Ordinal);
        var shared = a.Count(b.Contains);
        return shared > 0 && (double)shared / Math.Min(a.Count, b.Count) > TooAlike && shared > 1 || (a.SetEquals(b) && left.Text.Equals(right.Text, StringComparison.OrdinalIgnoreCase));
    }
}
