using System.Net;
using AiPlatform.Services.Api.Data.Sample;
using AiPlatform.Services.Api.Identity;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.Data.Sample;

public sealed class SampleTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    [Fact]
    public void Data_IsAsBigAsPromised_AndNoTwoTranscriptsAreTheSame()
    {
        var data = SampleData.Read();

        Assert.Equal(
            (2, 5, 24, 60),
            (data.People.Practices.Count, data.People.Practitioners.Count, data.People.Clients.Count, data.Sessions.Count));
        Assert.Equal(60, data.Sessions.Select(session => string.Join('\n', session.Segments.Select(segment => segment.Text))).Distinct().Count());
        Assert.All(data.Sessions, session => Assert.InRange(session.Segments.Count, 20, 60));
        Assert.All(data.Sessions, session => Assert.Equal(session.Segments.OrderBy(segment => segment.StartMs), session.Segments));
    }

    [Fact]
    public void Data_PasswordHashes_BelongToThePasswords()
    {
        var passwords = new PasswordCheck();

        Assert.All(SampleData.Read().People.Users, user => Assert.True(passwords.Matches(user.PasswordHash, user.Password), user.Email));
    }

    [Fact]
    public async Task Load_Again_ChangesNothing()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var before = await nora.GetJsonAsync("/api/v1/sessions/search?limit=100");

        var loaded = await factory.Services.GetRequiredService<SampleLoader>().LoadAsync(CancellationToken.None);

        Assert.False(loaded);
        Assert.Equal(before.GetRawText(), (await nora.GetJsonAsync("/api/v1/sessions/search?limit=100")).GetRawText());
    }

    [Fact]
    public async Task Load_TwoReplicasOnAnEmptyDatabaseAtOnce_LoadedOnce()
    {
        var empty = new ApiFactory();
        await empty.InitializeAsync();
        await using var first = empty;
        await using var second = empty.CreateReplica();

        var clients = await Task.WhenAll(Task.Run(() => first.CreateClientAsync(SamplePerson.OwnerA)), Task.Run(() => second.CreateClientAsync(SamplePerson.OwnerA)));

        var totals = await Task.WhenAll(clients.Select(client => client.GetJsonAsync("/api/v1/sessions/search?limit=1")));
        Assert.All(totals, answer => Assert.Equal(41, answer.GetProperty("total").GetInt32()));
    }

    [Fact]
    public async Task SampleUsers_EachSignsIn()
    {
        var users = (await factory.CreateClient().GetJsonAsync("/api/v1/sample-users")).EnumerateArray().ToList();

        foreach (var user in users)
        {
            var client = await factory.CreateClientAsync(user.GetProperty("email").GetString()!, user.GetProperty("password").GetString()!);
            var me = await client.GetJsonAsync("/api/v1/me");
            var clinic = await client.GetJsonAsync("/api/v1/clinic");
            Assert.Equal(
                (user.GetProperty("role").GetString(), user.GetProperty("practice").GetString()),
                (me.GetProperty("role").GetString(), clinic.GetProperty("name").GetString()));
        }

        Assert.Equal(10, users.Count);
    }

    [Fact]
    public async Task Production_NoSampleUsersAndNoOpenDocument()
    {
        await using var production = factory.WithWebHostBuilder(builder => builder.UseEnvironment("Production"));
        var client = production.CreateClient();

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/sample-users")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/openapi/v1.json")).StatusCode);
    }
}
