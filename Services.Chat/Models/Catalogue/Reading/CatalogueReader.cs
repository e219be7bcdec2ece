namespace AiPlatform.Services.Chat.Models.Catalogue.Reading;

/// <summary>Reads a catalogue file. All its faults are told at once.</summary>
internal static class CatalogueReader
{
    /// <param name="file">Its extension decides how it is read: .json, otherwise YAML.</param>
    /// <exception cref="InvalidCatalogueException"/>
    public static CatalogueSnapshot Read(string file, string text, Func<string, string?> environment)
    {
        var faults = new List<string>();
        var snapshot = Read(Parse(file, text, environment, faults), faults);
        return faults.Count == 0 ? snapshot! : throw new InvalidCatalogueException(file, faults);
    }

    private static Setting Parse(string file, string text, Func<string, string?> environment, List<string> faults)
    {
        try
        {
            var tree = new SettingTree(new(environment, faults));
            return file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? tree.ParseJson(text) : tree.ParseYaml(text);
        }
        catch (FormatException exception)
        {
            throw new InvalidCatalogueException(file, [exception.Message]);
        }
    }

    private static CatalogueSnapshot? Read(Setting root, List<string> faults)
    {
        var settings = new SettingReader(root, faults);
        var groups = settings.Children("groups").Select(group => (group.Path, Group: GroupReader.Read(group))).ToList();
        var byDefault = settings.Text("default") ?? groups.FirstOrDefault().Group?.Name;
        var forUnknown = settings.Text("unknown");
        settings.End();

        if (groups.Count == 0)
        {
            settings.Fault("groups", "must be a list of at least one group");
        }

        foreach (var (path, group) in groups)
        {
            foreach (var name in group.Aliases.Prepend(group.Name).Where(name => groups.Any(other => other.Group != group && Has(other.Group, name))))
            {
                settings.Fault(path, $"the name '{name}' is another group's too");
            }
        }

        Require("default", byDefault);
        Require("unknown", forUnknown);
        return faults.Count > 0 ? null : new(SettingsCatalogue.WithLocal([.. groups.Select(group => group.Group)]), byDefault!, forUnknown);

        void Require(string setting, string? name)
        {
            if (name is not (null or "" or ModelProvider.Local) && !groups.Any(group => Has(group.Group, name)))
            {
                settings.Fault(setting, "must be the name of a group");
            }
        }
    }

    private static bool Has(ModelGroup group, string name) =>
        string.Equals(group.Name, name, StringComparison.OrdinalIgnoreCase) || group.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase);
}
