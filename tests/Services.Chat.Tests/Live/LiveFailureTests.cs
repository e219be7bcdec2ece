using AiPlatform.Services.Chat.Models;
using AiPlatform.Tests.Common;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace AiPlatform.Services.Chat.Tests.Live;

/// <summary>That live tests skip for the provider's reasons, for these only, and never without a word.</summary>
public sealed class LiveFailureTests
{
    [Theory]
    [InlineData(429, null)]
    [InlineData(429, "insufficient_quota")]
    [InlineData(503, null)]
    [InlineData(529, null)]
    [InlineData(401, null)]
    [InlineData(403, null)]
    [Trait("Spec", "T001-587")]
    public async Task Ask_ProviderIsTheReason_Skips(int status, string? code) => Assert.NotEqual(
        "", (await Assert.ThrowsAsync<LiveSkippedException>(() => LiveModel.AskAsync(Eventually.Timeout, _ => Task.FromException<int>(ProviderErrors.Of(status, code))))).Message);

    [Fact]
    [Trait("Spec", "T001-587")]
    public Task Ask_ProviderCannotBeReached_Skips() => Assert.ThrowsAsync<LiveSkippedException>(
        () => LiveModel.AskAsync(Eventually.Timeout, _ => Task.FromException<int>(ProviderErrors.Unreachable(new HttpRequestException()))));

    [Theory]
    [InlineData(400)]
    [InlineData(422)]
    [InlineData(500)]
    [InlineData(504)]
    [Trait("Spec", "T001-588")]
    public async Task Ask_AnyOtherRefusal_StaysAFailure(int status)
    {
        var refusal = ProviderErrors.Of(status, code: null);

        Assert.Same(refusal, await Assert.ThrowsAnyAsync<Exception>(() => LiveModel.AskAsync(Eventually.Timeout, _ => Task.FromException<int>(refusal))));
    }

    [Fact]
    [Trait("Spec", "T001-588")]
    public void ReasonToSkip_FailedAssertion_IsNone() => Assert.Null(LiveFailures.ReasonToSkip(new XunitException("It is not so.")));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [Trait("Spec", "T001-589")]
    public void Skip_WithoutAReason_IsRefused(string reason) => Assert.Throws<ArgumentException>(() => new LiveSkippedException(reason));

    [Fact]
    public void Bus_FailureThatIsASkip_IsToldAsOneAndOthersAsTheyAre()
    {
        var inner = new KeptMessages();
        using var bus = new SkippingBus(inner);
        var test = new XunitTest(new XunitTestCase(new NullMessageSink(), TestMethodDisplay.Method, TestMethodDisplayOptions.None, MethodOf(nameof(Bus_FailureThatIsASkip_IsToldAsOneAndOthersAsTheyAre))), "a");

        bus.QueueMessage(new TestFailed(test, 0, "", new LiveSkippedException("No capacity.")));
        bus.QueueMessage(new TestFailed(test, 0, "", new InvalidOperationException("A bug.")));

        Assert.Equal(1, bus.Skipped);
        Assert.Equal(("No capacity.", "A bug."), (Assert.IsType<TestSkipped>(inner.Messages[0]).Reason, Assert.IsType<TestFailed>(inner.Messages[1]).Messages[0]));
    }

    private static TestMethod MethodOf(string name)
    {
        var type = typeof(LiveFailureTests);
        var collection = new TestCollection(new TestAssembly(Reflector.Wrap(type.Assembly)), collectionDefinition: null, "live");
        return new(new TestClass(collection, Reflector.Wrap(type)), Reflector.Wrap(type.GetMethod(name)!));
    }

    private sealed class KeptMessages : IMessageBus
    {
        public List<IMessageSinkMessage> Messages { get; } = [];

        public bool QueueMessage(IMessageSinkMessage message)
        {
            Messages.Add(message);
            return true;
        }

        public void Dispose()
        {
        }
    }
}
