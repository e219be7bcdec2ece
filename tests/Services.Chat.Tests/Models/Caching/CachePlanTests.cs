using System.Text;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Models.Caching;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Forwarding;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Tests.Models.Caching;

/// <summary>What is part of a reply's address. Each row changes one thing; an address that left it out would be the same.</summary>
public sealed class CachePlanTests
{
    private static readonly ModelEndpoint Endpoint = new() { Id = "e", Name = "e", Provider = ModelProvider.OpenAi, ModelId = "x", BaseUrl = new("https://a.example/v1") };
    private static readonly ModelGroup Group = new() { Name = "m", Endpoints = [Endpoint] };
    private static readonly ModelCaller Caller = new(Guid.CreateVersion7(), Guid.CreateVersion7(), UserRole.Practitioner);
    private static readonly ModelCallStart Start = new("r", Caller, Group, ModelCallKind.Chat, false, 1, null);

    public static TheoryData<string, bool> Changes => new()
    {
        { "nothing", true },
        { "key", true },
        { "weight and limits", true },
        { "role", true },
        { "user", false },
        { "practice", false },
        { "kind", false },
        { "stream", false },
        { "group", false },
        { "model", false },
        { "address", false },
        { "parameters", false },
        { "second endpoint", false },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Address_OneThingIsDifferent_IsAnotherWhenItChangesTheAnswer(string what, bool isSame)
    {
        var changed = what switch
        {
            "user" => Start with { Caller = Caller with { UserId = Guid.CreateVersion7() } },
            "practice" => Start with { Caller = Caller with { PracticeId = Guid.CreateVersion7() } },
            "role" => Start with { Caller = Caller with { Role = UserRole.Owner } },
            "kind" => Start with { Kind = ModelCallKind.Embeddings },
            "stream" => Start with { Streams = true },
            "group" => Start with { Group = Group with { Name = "n" } },
            "key" => With(Endpoint with { Key = new("secret") }),
            "weight and limits" => With(Endpoint with { Weight = 7, Limits = new EndpointLimits { Concurrency = 3 } }),
            "model" => With(Endpoint with { ModelId = "y" }),
            "address" => With(Endpoint with { BaseUrl = new("https://b.example/v1") }),
            "parameters" => With(Endpoint with { Parameters = ParameterRules.Dropping("seed") }),
            "second endpoint" => With(Endpoint, Endpoint with { ModelId = "z" }),
            _ => Start,
        };

        // Of the same bytes: what is known of the one must not be said of the other.
        var plans = Plans();
        var (one, other) = (AddressOf(plans, Start), AddressOf(plans, changed));

        // By the hash alone: an entry that is looked for under a practice's key is one of that practice in two ways.
        Assert.Equal(isSame, one.Hash == other.Hash);
        Assert.Equal(isSame, one == other);
    }

    [Fact]
    public void Plan_OfTheEmbeddedModel_IsNone()
    {
        using var body = Body();

        Assert.Null(Plans().Of(With(Endpoint with { Provider = ModelProvider.Local }), body, default));
    }

    private static ModelCallStart With(params ModelEndpoint[] endpoints) => Start with { Group = Group with { Endpoints = endpoints } };

    [Fact]
    public void Plan_SameBytesAgain_IsTheSameForSecondsOnly()
    {
        var time = new TestTimeProvider();
        var plans = Plans(time);

        var (first, second) = (PlanOf(plans), PlanOf(plans));
        time.Advance(TimeSpan.FromSeconds(new CacheOptions().MemorySeconds));
        var later = PlanOf(plans);

        Assert.Same(first, second);
        Assert.NotSame(first, later);
        Assert.Equal(first, later);
    }

    [Fact]
    public void Plan_AfterABodyWentBackToThePool_IsStillThatOfItsBytes()
    {
        var plans = Plans();
        var first = PlanOf(plans);

        using (Body("""{"model":"m","messages":[1]}"""))
        {
            Assert.Same(first, PlanOf(plans));
        }
    }

    [Fact]
    public void Plan_RequestSaysOtherwiseOfTheCache_IsAnother()
    {
        var plans = Plans();
        using var body = Body();

        var (usual, fresh) = (plans.Of(Start, body, default)!, plans.Of(Start, body, new(NoCache: true, NoStore: false, Asks: false, Scope: null))!);

        Assert.Equal((true, false), (usual.Reads, fresh.Reads));
    }

    private static KnownPlans Plans(TimeProvider? time = null) => new(Options.Create(new CacheOptions()), time ?? TimeProvider.System);

    private static CachePlan PlanOf(KnownPlans plans)
    {
        using var body = Body();
        return plans.Of(Start, body, default)!;
    }

    private static CacheAddress AddressOf(KnownPlans plans, ModelCallStart start)
    {
        using var body = Body();
        return plans.Of(start, body, default)!.Address;
    }

    private static RequestBody Body(string json = """{"model":"m","messages":[]}""")
    {
        var buffer = new PooledBuffer(64);
        var bytes = Encoding.UTF8.GetBytes(json);
        bytes.CopyTo(buffer.GetSpan(bytes.Length));
        buffer.Advance(bytes.Length);
        return new(buffer);
    }
}
