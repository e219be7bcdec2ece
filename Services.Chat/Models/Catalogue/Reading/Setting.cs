namespace AiPlatform.Services.Chat.Models.Catalogue.Reading;

/// <summary>One node of a configuration file, whichever syntax it was written in. <see cref="Path"/> says where, as in <c>groups[0].name</c>.</summary>
internal abstract record Setting(string Path)
{
    /// <param name="Text">Null for an empty value. Numbers and words are text here: what is wanted decides what they are.</param>
    /// <param name="IsBroken">It refers to something that is not there. That is a fault already; it is not one more that there is no value.</param>
    public sealed record Scalar(string Path, string? Text, bool IsBroken = false) : Setting(Path);

    public sealed record Mapping(string Path, IReadOnlyList<KeyValuePair<string, Setting>> Members) : Setting(Path);

    public sealed record Sequence(string Path, IReadOnlyList<Setting> Items) : Setting(Path);

    public static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
