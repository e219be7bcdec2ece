using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>
/// Takes a changed catalogue file without a restart. The file is read again and again instead of watched: network folders and
/// mounted configuration raise no events. A change counts when it has stayed the same from one look to the next, so a file that is
/// just being written is not taken by half.
/// </summary>
internal sealed partial class CatalogueWatcher(
    ModelCatalogue catalogue, CatalogueSource source, IOptions<CatalogueOptions> options, TimeProvider timeProvider, ILogger<CatalogueWatcher> logger) : BackgroundService
{
    private string? _taken = source.Loaded;
    private string? _seen;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (source.File is null)
        {
            return;
        }

        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.PollSeconds), timeProvider);

        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Look();
        }
    }

    internal void Look()
    {
        try
        {
            var text = source.ReadFile();

            if (text != _taken && text == _seen)
            {
                _taken = text;
                catalogue.Replace(source.Parse(text));
                LogReloaded(catalogue.Current.Groups.Count);
            }

            _seen = text;
        }
        catch (InvalidCatalogueException exception)
        {
            // Whatever is read next is news, the old text too.
            (_taken, _seen) = (null, null);

            // Said once, not at every look.
            if (catalogue.Rejected?.Message != exception.Message)
            {
                catalogue.Reject(exception);
                LogRejected(exception.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Took the changed model catalogue: {Groups} groups.")]
    private partial void LogReloaded(int groups);

    [LoggerMessage(LogLevel.Error, "Kept the old model catalogue. {Faults}")]
    private partial void LogRejected(string faults);
}
