using System.Net;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Documents.Tests.Storage;

[Collection(DocumentsFixture.Collection)]
public sealed class DocumentListTests(DocumentsFixture fixture)
{
    [Fact]
    public async Task List_ChatSession_HasItsDocumentsNewestFirst()
    {
        var (practice, http) = Prepare();
        using (http)
        {
            await GenerateAsync(practice, http, "one", "chat-a");
            await GenerateAsync(practice, http, "two", "chat-b");
            var last = await GenerateAsync(practice, http, "three", "chat-a");

            var items = await ListAsync(http, "?session_id=chat-a");

            Assert.Equal(["three", "one"], Names(items));
            var expected = last.EnumerateObject().Where(property => property.Name is not ("content" or "sections")).ToDictionary(property => property.Name, property => property.Value);
            Assert.True(JsonElement.DeepEquals(JsonSerializer.SerializeToElement(expected), items.GetProperty("items")[0]), items.ToString());
            Assert.Empty(Names(await ListAsync(http, "?session_id=chat")));
        }
    }

    [Fact]
    public async Task List_ChatSessionOfAnotherUser_IsEmpty()
    {
        var (practice, http) = Prepare();
        using (http)
        {
            await GenerateAsync(practice, http, "one", "chat-a");
            using var colleague = fixture.ClientOf(practice, UserRole.Owner);

            Assert.Empty(Names(await ListAsync(colleague, "?session_id=chat-a")));
        }
    }

    [Fact]
    public async Task List_Pages_FollowEachOther()
    {
        var (practice, http) = Prepare();
        using (http)
        {
            foreach (var name in new[] { "one", "two", "three" })
            {
                await GenerateAsync(practice, http, name, null);
            }

            var first = await ListAsync(http, "?limit=2");
            var second = await ListAsync(http, $"?limit=2&cursor={first.GetProperty("nextCursor").GetString()}");

            Assert.Equal(["three", "two"], Names(first));
            Assert.Equal(["one"], Names(second));
            Assert.False(second.TryGetProperty("nextCursor", out _));
            Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync("/api/v1/documents?limit=0")).StatusCode);
        }
    }

    [Fact]
    public async Task Get_VersionThatIsNotThere_IsNotFound()
    {
        var (practice, http) = Prepare();
        using (http)
        {
            var id = (await GenerateAsync(practice, http, "one", null)).GetProperty("id").GetGuid();

            await (await http.GetAsync($"/api/v1/documents/{id}/versions/2")).AssertProblemAsync(404, "document.not_found");
            await (await http.GetAsync($"/api/v1/documents/{id}/versions/0")).AssertProblemAsync(404, "document.not_found");
        }
    }

    private (TestPractice Practice, HttpClient Http) Prepare()
    {
        var practice = fixture.CreatePractice();
        fixture.Model.Respond = Drafts.QuoteFirstClientSegment;
        return (practice, fixture.ClientOf(practice));
    }

    private static async Task<JsonElement> GenerateAsync(TestPractice practice, HttpClient http, string name, string? chatSessionId)
    {
        var session = practice.AddSession(practice.AddClient("One Person"), "client: I am fine.");
        return await http.GenerateDocumentAsync(new { template = new { content = "## Said" }, documentName = name, sessionIds = new[] { session }, chatSessionId });
    }

    private static async Task<JsonElement> ListAsync(HttpClient http, string query) =>
        await (await http.GetAsync($"/api/v1/documents{query}")).ReadAsync(HttpStatusCode.OK);

    private static string[] Names(JsonElement list) => [.. list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!)];
}
