using Xunit.Abstractions;
using Xunit.Sdk;

namespace AiPlatform.Services.Chat.Tests.Live;

/// <summary>Found by its name in <see cref="LiveFactAttribute"/>.</summary>
public sealed class LiveFactDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        [new LiveTestCase(diagnostics, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)];
}

/// <summary>xunit 2 skips nothing that has begun, so a failure that is the provider's is passed on as a skip.</summary>
internal sealed class LiveTestCase : XunitTestCase
{
    [Obsolete("For the deserializer.")]
    public LiveTestCase()
    {
    }

    public LiveTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(diagnostics, display, options, method)
    {
    }

    public override async Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink, IMessageBus messageBus, object[] constructorArguments, ExceptionAggregator aggregator, CancellationTokenSource cancellationTokenSource)
    {
        using var skipping = new SkippingBus(messageBus);
        var summary = await base.RunAsync(diagnosticMessageSink, skipping, constructorArguments, aggregator, cancellationTokenSource);
        summary.Failed -= skipping.Skipped;
        summary.Skipped += skipping.Skipped;
        return summary;
    }
}

/// <summary>Passes everything on, and as a skip what <see cref="LiveSkippedException"/> ended.</summary>
internal sealed class SkippingBus(IMessageBus inner) : IMessageBus
{
    public int Skipped { get; private set; }

    public bool QueueMessage(IMessageSinkMessage message)
    {
        if (message is not ITestFailed failed || failed.ExceptionTypes[0] != typeof(LiveSkippedException).FullName)
        {
            return inner.QueueMessage(message);
        }

        Skipped++;
        return inner.QueueMessage(new TestSkipped(failed.Test, failed.Messages[0]));
    }

    // The bus that was given belongs to who gave it.
    public void Dispose()
    {
    }
}
