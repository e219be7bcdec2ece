using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Tests.Models.Catalogue;

public sealed class CatalogueWatcherTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"models-{Guid.CreateVersion7():N}.yaml");
    private readonly ModelCatalogue _catalogue;
    private readonly CatalogueWatcher _watcher;

    public CatalogueWatcherTests()
    {
        Write("first");
        var options = Options.Create(new CatalogueOptions { File = _file });
        var source = new CatalogueSource(options, Options.Create(new ModelOptions()));
        _catalogue = new(source);
        _watcher = new(_catalogue, source, options, TimeProvider.System, NullLogger<CatalogueWatcher>.Instance);
    }

    public void Dispose()
    {
        _watcher.Dispose();
        File.Delete(_file);
    }

    [Fact]
    public void Look_FileUnchanged_KeepsTheCatalogue()
    {
        var before = _catalogue.Current;

        LookTwice();

        Assert.Same(before, _catalogue.Current);
    }

    [Fact]
    public void Look_FileChanged_TakesItOnceItStaysTheSame()
    {
        var inUse = _catalogue.Find(null);
        Write("half");
        _watcher.Look();
        Write("second");

        _watcher.Look();
        var stillWriting = _catalogue.Current.Default.Name;
        _watcher.Look();

        Assert.Equal(("first", "second", "first"), (stillWriting, _catalogue.Current.Default.Name, inUse.Name));
    }

    [Fact]
    public void Look_NewFileHasFaults_KeepsTheOldAndSaysWhy()
    {
        File.WriteAllText(_file, "groups: [{ name: second, endpoints: [{ base_url: 'http://localhost', weight: -1 }] }]");

        LookTwice();

        Assert.Equal("first", _catalogue.Current.Default.Name);
        Assert.Equal(
            [
                "groups[0].endpoints[0].model: is missing: the model's name at that server.",
                "groups[0].endpoints[0].weight: must be a whole number from 0 to 1000.",
            ],
            _catalogue.Rejected?.Faults);
    }

    [Fact]
    public void Look_FileGoneAndBack_IsTakenAgain()
    {
        File.Delete(_file);
        LookTwice();
        var away = _catalogue.Rejected;
        Write("first");

        LookTwice();

        Assert.Equal(["cannot be read (FileNotFoundException)."], away?.Faults);
        Assert.Null(_catalogue.Rejected);
        Assert.Equal("first", _catalogue.Current.Default.Name);
    }

    [Fact]
    public void Start_FileIsMissing_NamesIt()
    {
        var source = new CatalogueSource(Options.Create(new CatalogueOptions { File = "/nowhere/models.yaml" }), Options.Create(new ModelOptions()));

        var failure = Assert.Throws<InvalidCatalogueException>(() => new ModelCatalogue(source));

        Assert.Equal($"The model catalogue (/nowhere/models.yaml) has a fault:{Environment.NewLine}  cannot be read (DirectoryNotFoundException).", failure.Message);
    }

    [Fact]
    public async Task Start_FaultyFile_EndsTheServiceWithTheFaultsAndNothingElse()
    {
        await File.WriteAllTextAsync(_file, "groups: [{ name: m, endpoints: [{ base_url: 'http://localhost' }] }, { name: n }]");
        var settings = new Dictionary<string, string>
        {
            ["MODELS_CONFIG"] = _file,
            ["ConnectionStrings:chatdb"] = "Server=127.0.0.1;Port=1;Database=chat",
            ["ConnectionStrings:redis"] = "127.0.0.1:1",
        };

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => ServiceProcess.StartAsync("Services.Chat", settings));

        Assert.Equal(
            $"The server ended as it started. Its log:\nThe model catalogue ({_file}) has 2 faults:\n  groups[0].endpoints[0].model: is missing: the model's name at that server.\n  groups[1].endpoints: must be a list of at least one endpoint.\n",
            failure.Message);
    }

    private void LookTwice()
    {
        _watcher.Look();
        _watcher.Look();
    }

    private void Write(string group) => File.WriteAllText(_file, $"groups: [{{ name: {group}, endpoints: [{{ base_url: 'http://localhost', model: m }}] }}]");
}
