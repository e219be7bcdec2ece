using AiPlatform.Services.Chat.Models.Providers.Local.Words;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Planning;

/// <summary>Orders tools by how well they serve a text: BM25 over their words, and the act and thing the text speaks of.</summary>
internal sealed class ToolRanking
{
    // Words alone must not carry a tool over the bar: a request needs an act that the tool is for.
    private const double WordWeight = 0.35;
    private const double Bar = 2.4;

    private readonly List<ToolProfile> _tools;
    private readonly Bm25 _words;

    public ToolRanking(IEnumerable<AIFunctionDeclaration> tools)
    {
        _tools = [.. tools.Select(ToolProfile.Of).Where(tool => !tool.NeedsList)];
        _words = new([.. _tools.Select(tool => tool.Stems)]);
    }

    public ToolProfile? Profile(string name) => _tools.FirstOrDefault(tool => tool.Name == name);

    /// <returns>Null when no tool serves the text.</returns>
    public ToolProfile? Best(string text, Intent intent)
    {
        var stems = Tokens.Stems(text);
        var best = _tools
            .Select((tool, index) => (Tool: tool, Score: Score(tool, index, stems, intent)))
            .OrderByDescending(ranked => ranked.Score)
            .ThenBy(ranked => ranked.Tool.Name, StringComparer.Ordinal)
            .FirstOrDefault();

        return best.Score >= Bar ? best.Tool : null;
    }

    private double Score(ToolProfile tool, int index, List<string> stems, Intent intent)
    {
        var act = tool.Act is { } a ? intent.Of(a) : 0;
        var thing = tool.Thing is { } t ? intent.Of(t) : 0;
        var words = Math.Min(_words.Score(stems, index), 8) * WordWeight;

        return act == 0 ? 0 : act + thing + words;
    }
}
