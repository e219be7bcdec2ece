using System.Globalization;
using System.Text;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Tests.OpenApi;
using Xunit.Abstractions;

namespace AiPlatform.Services.Api.Tests.Contract;

/// <summary>Every endpoint of the document under generated requests: never a 5xx, and every refusal with its code.</summary>
public sealed class FuzzTests(FuzzFactory factory, ITestOutputHelper output) : IClassFixture<FuzzFactory>
{
    private const int Lanes = 4;
    private const int DefaultSeed = 20261128;

    /// <summary>FUZZ_SEED takes another seed.</summary>
    [Fact]
    public Task EveryEndpoint_TenThousandGeneratedRequests_NeverFails() => FuzzAsync(
        int.TryParse(Environment.GetEnvironmentVariable("FUZZ_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : DefaultSeed, requests: 10_000);

    [Fact]
    [Trait("Category", "soak")]
    public Task EveryEndpoint_ManyMoreRequestsOfAnySeed_NeverFails() => FuzzAsync(Environment.TickCount, requests: 200_000);

    private async Task FuzzAsync(int seed, int requests)
    {
        var document = await ApiDocument.ReadAsync(factory.CreateClient());
        var valid = ValidRequest.Of(document).Concat(OpenOnes(document)).ToList();
        Assert.Equal(document.Operations.Select(operation => operation.Id).Order(), valid.Select(request => request.Operation.Id).Distinct().Order());

        var before = factory.Handled;
        var faults = (await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => RunLaneAsync(valid, seed, lane, requests / Lanes)))).SelectMany(lane => lane).ToList();

        var share = (factory.Handled - before) / (double)requests;
        output.WriteLine($"Seed {seed}: {requests} requests, {share:P0} came to a handler.");
        Assert.True(faults.Count == 0, $"Seed {seed}, {faults.Count} faults:\n{string.Join('\n', faults.Take(20))}");
        Assert.True(share >= 0.3, $"Seed {seed}: only {share:P0} came to a handler.");
    }

    private async Task<List<string>> RunLaneAsync(List<ValidRequest> valid, int seed, int lane, int requests)
    {
        var random = new Random(seed + lane);
        var generator = new FuzzRequests(valid, random);
        var askers = new Dictionary<(UserRole?, SamplePerson), HttpClient>();
        HttpClient[] strangers =
        [
            factory.CreateClient(), await factory.CreateOtherPractitionerAsync(), await factory.CreateOtherClientAsync(),
            .. await Task.WhenAll(Enum.GetValues<UserRole>().Select(role => factory.CreateWalkerAsync(role, ApiFactory.PracticeB, clientId: ApiFactory.TomBeaumont))),
        ];
        var faults = new List<string>();
        for (var number = 0; number < requests; number++)
        {
            var (request, byAStranger) = generator.Next();
            if (!askers.TryGetValue((request.Row.Asker, request.Row.As), out var asker))
            {
                askers[(request.Row.Asker, request.Row.As)] = asker = await factory.CreateAskerAsync(request.Row);
            }

            if (await FaultOfAsync(byAStranger ? strangers[random.Next(strangers.Length)] : asker, request) is { } fault)
            {
                faults.Add($"lane {lane}, request {number}: {fault}\n    {request}");
            }
        }

        return faults;
    }

    private static async Task<string?> FaultOfAsync(HttpClient caller, ValidRequest request)
    {
        try
        {
            using var response = await caller.SendAsync(request.ToRequest());
            if ((int)response.StatusCode < 400)
            {
                return null;
            }

            var answer = await response.ReadAnswerAsync();
            return answer.Status >= 500 || string.IsNullOrEmpty(answer.Code) ? $"{answer.Status} {answer.Body}" : null;
        }
        catch (HttpRequestException exception)
        {
            // The guard of the contract has broken the answer off.
            return exception.GetBaseException().Message;
        }
    }

    // What anybody may ask has no row in the table.
    private static IEnumerable<ValidRequest> OpenOnes(ApiDocument document) => document.Operations
        .Where(operation => operation.Json["security"] is null)
        .Select(operation =>
        {
            var content = operation.Json["requestBody"]?["content"]?.AsObject().Single();
            var form = content?.Key is "application/x-www-form-urlencoded"
                ? string.Join('&', content.Value.Value!["example"]!.AsObject().Select(field => $"{field.Key}={Uri.EscapeDataString($"{field.Value}")}"))
                : content?.Value!["example"]!.ToJsonString();
            return new ValidRequest(operation, document, new(operation.Method, operation.Path, operation.Path, "") { As = SamplePerson.Nobody })
            {
                Path = operation.Path,
                MediaType = content?.Key ?? "application/json",
                Body = form is null ? null : Encoding.UTF8.GetBytes(form),
            };
        });
}
