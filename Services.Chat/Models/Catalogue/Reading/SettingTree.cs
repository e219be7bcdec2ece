using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AiPlatform.Services.Chat.Models.Catalogue.Reading;

/// <summary>Makes <see cref="Setting"/>s of YAML and of JSON. Small on purpose: an alias can make a few lines of YAML into a forest, or a circle.</summary>
internal sealed class SettingTree(EnvironmentReferences references)
{
    private const int MaxDepth = 12;
    private const int MaxNodes = 20_000;

    private static readonly JsonDocumentOptions Json = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = MaxDepth,
    };

    private int _nodes;

    /// <exception cref="FormatException">Says what is wrong and in which line; never the line itself.</exception>
    public Setting ParseYaml(string text)
    {
        var stream = new YamlStream();

        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            throw new FormatException(Unreadable("YAML", exception.Start.Line, exception));
        }

        return stream.Documents switch
        {
            [] => new Setting.Mapping("", []),
            [var document] => Of(document.RootNode, "", 0),
            _ => throw new FormatException("There is more than one document."),
        };
    }

    /// <inheritdoc cref="ParseYaml"/>
    public Setting ParseJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Json);
            return Of(document.RootElement, "", 0);
        }
        catch (JsonException exception)
        {
            throw new FormatException(Unreadable("JSON", (exception.LineNumber ?? 0) + 1, exception));
        }
    }

    private Setting Of(YamlNode node, string path, int depth)
    {
        Count(depth);

        return node switch
        {
            YamlScalarNode scalar => IsEmpty(scalar) ? new Setting.Scalar(path, null) : references.Resolve(scalar.Value!, path),
            YamlSequenceNode sequence => new Setting.Sequence(path, [.. sequence.Children.Select((item, index) => Of(item, $"{path}[{index}]", depth + 1))]),
            YamlMappingNode mapping => new Setting.Mapping(path, [.. mapping.Children.Select(pair => Member(pair.Key, pair.Value, path, depth))]),
            _ => throw new FormatException($"Line {node.Start.Line} is no setting."),
        };
    }

    private KeyValuePair<string, Setting> Member(YamlNode key, YamlNode value, string path, int depth) => key is YamlScalarNode { Value: { } name }
        ? new(name, Of(value, Setting.Join(path, name), depth + 1))
        : throw new FormatException($"Line {key.Start.Line}: the name of a setting is a text.");

    private Setting Of(JsonElement element, string path, int depth)
    {
        Count(depth);

        return element.ValueKind switch
        {
            JsonValueKind.Null => new Setting.Scalar(path, null),
            JsonValueKind.Array => new Setting.Sequence(path, [.. element.EnumerateArray().Select((item, index) => Of(item, $"{path}[{index}]", depth + 1))]),
            JsonValueKind.Object => new Setting.Mapping(
                path, [.. element.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, Of(member.Value, Setting.Join(path, member.Name), depth + 1)))]),
            _ => references.Resolve(element.ToString(), path),
        };
    }

    private void Count(int depth)
    {
        if (++_nodes > MaxNodes || depth > MaxDepth)
        {
            throw new FormatException("It is larger than a catalogue can be.");
        }
    }

    private static string Unreadable(string syntax, long line, Exception exception) =>
        $"Line {line} is no valid {syntax}{(exception.Message.Contains("uplicate", StringComparison.Ordinal) ? ": a setting stands twice" : "")}.";

    // key:      and      key: ~      and      key: null
    private static bool IsEmpty(YamlScalarNode scalar) => scalar.Style == ScalarStyle.Plain && scalar.Value is null or "" or "~" or "null";
}
