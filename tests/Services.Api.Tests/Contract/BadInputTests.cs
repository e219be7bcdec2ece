using System.Text.Json.Nodes;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Api.Tests.OpenApi;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.Contract;

/// <summary>Everything that can be wrong with every request of the document: refused with a code and the field, and nothing stored.</summary>
public sealed class BadInputTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string Markup = "Robert'); drop table clients; -- <script>alert(\"x\")</script> &amp; \U0001f642";

    [Fact]
    public async Task EveryRoute_BadInput_IsRefusedWithCodeAndFieldAndStoresNothing()
    {
        var faults = new List<string>();
        var requests = 0;
        var before = await CountRowsAsync();
        foreach (var valid in ValidRequest.Of(await ApiDocument.ReadAsync(factory.CreateClient())))
        {
            using var asker = await factory.CreateAskerAsync(valid.Row);
            foreach (var bad in BadRequests.Of(valid))
            {
                requests++;
                var answer = await (await asker.SendAsync(bad.Request.ToRequest())).ReadAnswerAsync();
                if (answer.Status != bad.Status || string.IsNullOrEmpty(answer.Code) || (bad.Code ?? answer.Code) != answer.Code
                    || (bad.Field is { } field && !answer.Fields.Any(named => named.StartsWith(field, StringComparison.Ordinal))))
                {
                    faults.Add($"{valid.Operation.Id}, {bad.What}: expected {bad.Status} {bad.Code} {bad.Field}, was {answer.Status} {answer.Code} {string.Join(' ', answer.Fields)}\n    {bad.Request}");
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(requests > 500, $"{requests} requests");
        Assert.Equal(before, await CountRowsAsync());
    }

    [Fact]
    public async Task EveryWrite_MarkupAndSqlInEachText_IsKeptAsTheTextItIsOrRefused()
    {
        var faults = new List<string>();
        var kept = 0;
        foreach (var valid in ValidRequest.Of(await ApiDocument.ReadAsync(factory.CreateClient())).Where(valid => valid.BodySchema is not null && !valid.Row.Removed))
        {
            using var asker = await factory.CreateAskerAsync(valid.Row);
            foreach (var name in TextsOf(valid))
            {
                var body = JsonNode.Parse(valid.Body!)!.AsObject();
                body[name] = Markup;
                var answer = await (await asker.SendAsync((valid with { Key = $"{Guid.CreateVersion7()}" }).With(body).ToRequest())).ReadAnswerAsync();
                var stored = answer.Status < 300 ? (string?)JsonNode.Parse(answer.Body)![name] : null;
                kept += stored == Markup ? 1 : 0;
                if (answer.Status >= 500 || (answer.Status >= 400 && !answer.Fields.Contains(name)) || (answer.Status < 300 && stored is not null && stored != Markup))
                {
                    faults.Add($"{valid.Operation.Id}.{name}: {answer}");
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(kept >= 10, $"{kept} texts were kept");
    }

    [Fact]
    public async Task EveryCreate_KeyOfAnotherRequest_IsRefused()
    {
        foreach (var valid in ValidRequest.Of(await ApiDocument.ReadAsync(factory.CreateClient()))
            .Where(valid => valid.BodySchema is not null && valid.Operation.Parameters.Any(parameter => $"{parameter["name"]}" is "Idempotency-Key")))
        {
            using var asker = await factory.CreateAskerAsync(valid.Row);
            var first = await (await asker.SendAsync(valid.ToRequest())).ReadAnswerAsync();
            var again = await (await asker.SendAsync(valid.ToRequest())).ReadAnswerAsync();

            // The same but for a space: another request.
            var other = await (await asker.SendAsync((valid with { Body = [.. valid.Body!, (byte)' '] }).ToRequest())).ReadAnswerAsync();

            Assert.Equal((valid.Operation.Id, 201, 200, 409, "idempotency.key_reused"), (valid.Operation.Id, first.Status, again.Status, other.Status, other.Code));
        }
    }

    // Free texts: no format, no list of values.
    private static IEnumerable<string> TextsOf(ValidRequest valid) =>
        from member in valid.BodySchema!["properties"]!.AsObject()
        let schema = valid.Document.Resolve(member.Value!.AsObject())
        where schema["type"] is { } type && type.ToJsonString().Contains("string", StringComparison.Ordinal) && schema["format"] is null && schema["enum"] is null
        select member.Key;

    /// <summary>Rows of every table but those of the audit and of sign-ins, which note also what is refused.</summary>
    private Task<string> CountRowsAsync() => factory.Services.GetRequiredService<Database>().RunAsync(
        async (connection, token) =>
        {
            var tables = await connection.QueryAsync<string>(new CommandDefinition(
                "select table_name from information_schema.tables where table_schema = database() order by table_name", cancellationToken: token));
            var counts = new List<string>();
            foreach (var table in tables.Where(table => !table.StartsWith("audit_", StringComparison.Ordinal) && table is not "refresh_tokens"))
            {
                counts.Add($"{table} {await connection.ExecuteScalarAsync<long>(new CommandDefinition($"select count(*) from {table}", cancellationToken: token))}");
            }

            return string.Join('\n', counts);
        },
        CancellationToken.None);
}
