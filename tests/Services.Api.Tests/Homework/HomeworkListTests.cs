using System.Net;
using AiPlatform.Tests.Common;
using static AiPlatform.Services.Api.Tests.Homework.HomeworkCalls;

namespace AiPlatform.Services.Api.Tests.Homework;

public sealed class HomeworkListTests(HomeworkListTests.Factory factory) : IClassFixture<HomeworkListTests.Factory>
{
    private static readonly string OfTom = $"/api/v1/clients/{ApiFactory.TomOkafor}/homework";

    [Fact]
    public async Task List_PageByPage_EachOnceEitherWay()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var ids = new List<string>();
        for (var index = 0; index < 7; index++)
        {
            ids.Add((await (await nora.WriteAsync(HttpMethod.Post, OfTom, $$"""{"title":"{{index}}"}""", NewKey())).ReadAsync(HttpStatusCode.Created)).Id());
        }

        Assert.Equal(ids, await nora.ReadPagesAsync($"{OfTom}?limit=3&sort=oldest"));
        Assert.Equal(Enumerable.Reverse(ids), await nora.ReadPagesAsync($"{OfTom}?limit=3"));
        Assert.Equal(ids, await nora.ReadPagesAsync($"{OfTom}?limit=7&sort=oldest"));
    }

    [Fact]
    public async Task List_ByStatus_AndWhatExpires_TakesNothingUntilProlonged()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var due = $$""","dueAt":"{{factory.Clock.GetUtcNow().AddHours(1):yyyy-MM-dd'T'HH:mm:ss'Z'}}"}""";
        var open = (await nora.AssignAsync("""{"title":"open"}""")).Id();
        var late = (await nora.AssignAsync("""{"title":"late" """ + due)).Id();
        var dropped = (await nora.AssignAsync("""{"title":"dropped" """ + due)).Id();
        await nora.WriteAsync(HttpMethod.Put, $"/api/v1/homework/assignments/{dropped}", """{"title":"dropped","status":"cancelled" """ + due, ifMatch: "*");
        var done = (await nora.AssignAsync("""{"title":"done" """ + due)).Id();
        await (await (await factory.CreateClientAsync(SamplePerson.MayaLindqvist)).SubmitAsync(done, "{}")).ReadAsync(HttpStatusCode.Created);
        var before = await ByStatusAsync(nora, open, late, dropped, done);

        factory.Clock.Shift += TimeSpan.FromHours(2);
        nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var maya = await factory.CreateClientAsync(SamplePerson.MayaLindqvist);
        var after = await ByStatusAsync(nora, open, late, dropped, done);
        var key = NewKey();
        await (await maya.SubmitAsync(late, "{}", key)).AssertProblemAsync(HttpStatusCode.Conflict, "homework.expired");
        await (await nora.WriteAsync(HttpMethod.Put, $"/api/v1/homework/assignments/{late}", """{"title":"late","status":"active"}""", ifMatch: "*")).ReadAsync(HttpStatusCode.OK);
        await (await maya.SubmitAsync(late, "{}", key)).ReadAsync(HttpStatusCode.Created);

        Assert.Equal("active: late open; completed: done; expired: ; cancelled: dropped; all: done dropped late open", before);
        Assert.Equal("active: open; completed: done; expired: late; cancelled: dropped; all: done dropped late open", after);

        static async Task<string> ByStatusAsync(HttpClient nora, params string[] known)
        {
            var lists = new List<string>();
            foreach (var status in new[] { "active", "completed", "expired", "cancelled", "all" })
            {
                var items = (await nora.GetJsonAsync($"{OfMaya}?limit=100&status={status}")).GetProperty("items").EnumerateArray().ToList();
                Assert.All(items, item => Assert.True(status is "all" || item.GetProperty("status").GetString() == status));
                lists.Add($"{status}: {string.Join(' ', items.Where(item => known.Contains(item.Id())).Select(item => item.GetProperty("title").GetString()).Order())}");
            }

            return string.Join("; ", lists);
        }
    }

    [Theory]
    [InlineData("limit=0", "request.invalid")]
    [InlineData("limit=-1", "request.invalid")]
    [InlineData("limit=101", "request.invalid")]
    [InlineData("limit=99999999999", "request.malformed")]
    [InlineData("status=open", "request.invalid")]
    [InlineData("sort=title", "request.invalid")]
    [InlineData("cursor=x", "cursor.invalid")]
    [InlineData("cursor=!!!", "cursor.invalid")]
    [InlineData("cursor=__________________________________", "cursor.invalid")]
    [InlineData("cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "cursor.invalid")]
    public async Task List_ParameterOutOfRange_BadRequest(string query, string code)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await nora.GetAsync($"{OfTom}?{query}")).AssertProblemAsync(HttpStatusCode.BadRequest, code);
    }

    public sealed class Factory : ApiFactory
    {
        internal ShiftedTime Clock { get; } = new();

        protected override TimeProvider Time => Clock;
    }
}
