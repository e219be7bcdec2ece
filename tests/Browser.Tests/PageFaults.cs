using Microsoft.Playwright;

namespace AiPlatform.Browser.Tests;

/// <summary>What went wrong on a page without anybody seeing it: errors on its console or in its script, requests that failed.</summary>
internal sealed class PageFaults
{
    private readonly IReadOnlyList<string> _expected;
    private readonly List<string> _faults = [];

    /// <param name="expected">What has one of these words in it is none.</param>
    public PageFaults(IPage page, IReadOnlyList<string> expected)
    {
        _expected = expected;
        page.Console += (_, message) => OnConsole(message);
        page.PageError += (_, error) => Add($"script: {error}");
        page.RequestFailed += (_, request) => OnRequestFailed(request);
        page.Response += (_, response) => OnResponse(response);
    }

    public void AssertNone()
    {
        lock (_faults)
        {
            Assert.True(_faults.Count == 0, $"The page had faults:\n{string.Join('\n', _faults)}");
        }
    }

    // Of a request that failed the console tells less than the request itself, which is looked at below.
    private void OnConsole(IConsoleMessage message)
    {
        if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
        {
            Add($"console: {message.Text} ({message.Location})");
        }
    }

    // What a page leaves behind when it is left is no fault of it: the stream of events above all.
    private void OnRequestFailed(IRequest request)
    {
        if (request.Failure != "net::ERR_ABORTED")
        {
            Add($"request: {request.Method} {request.Url}: {request.Failure}");
        }
    }

    private void OnResponse(IResponse response)
    {
        if (response.Status >= 400)
        {
            Add($"answer: {response.Request.Method} {response.Url}: {response.Status}");
        }
    }

    private void Add(string fault)
    {
        if (_expected.Any(words => fault.Contains(words, StringComparison.Ordinal)))
        {
            return;
        }

        lock (_faults)
        {
            _faults.Add(fault);
        }
    }
}
