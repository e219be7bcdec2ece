using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>What goes in comes out: every plane of Unicode, and times as UTC whatever the server's zone is.</summary>
public sealed class DatabaseValuesTests
{
    // One character of each of the seventeen planes.
    private static readonly string EveryPlane = string.Concat(Enumerable.Range(0, 17).Select(plane => char.ConvertFromUtf32((plane << 16) + 0x1234)));

    public static TheoryData<string> Texts =>
    [
        EveryPlane,
        "e\u0301 n\u0303 \u1112\u1161\u11ab क्षि",
        "👩‍👩‍👧‍👦 👨🏽‍⚕️ 🏳️‍🌈 🇨🇭 ☝️",
        "\u202eright to left\u202c שלום مرحبا",
        "'quoted' \"twice\" `thrice` \\ back % _ ; -- # /* */ \t\r\n",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task RoundTrip_Text_IsTheSameAsParameterLiteralAndJson(string text)
    {
        await using var database = await TestDatabase.CreateAsync();
        var literal = $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
        await database.ExecuteAsync("create table text_of (id int primary key, name varchar(200) not null, body longtext not null, doc json not null) character set utf8mb4");

        await database.ExecuteAsync("insert into text_of (id, name, body, doc) values (1, @text, @text, json_object('text', @text))", new { text });
        await database.ExecuteAsync($"insert into text_of (id, name, body, doc) values (2, {literal}, {literal}, @doc)", new { doc = JsonSerializer.Serialize(new { text }) });

        Assert.Equal([text, text], await database.QueryAsync<string>("select name from text_of order by id"));
        Assert.Equal([text, text], await database.QueryAsync<string>("select body from text_of order by id"));
        Assert.Equal([text, text], await database.QueryAsync<string>("select json_unquote(json_extract(doc, '$.text')) from text_of order by id"));
        Assert.Equal([1, 2], await database.QueryAsync<int>("select id from text_of where name = @text collate utf8mb4_bin order by id", new { text }));
        Assert.Equal(text, await database.ScalarAsync<string>($"select {literal}"));
        Assert.Equal(
            Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(text)), await database.ScalarAsync<string>("select hex(name) from text_of where id = 1"));
    }

    [Fact]
    public async Task RoundTrip_Times_AreUtcWhateverTheServersZone()
    {
        await using var server = await MariaDbServer.StartAsync();
        await using (var operating = TestDatabase.Open(server.ConnectionString))
        {
            await operating.ExecuteAsync("set global time_zone = '+09:00'");
        }

        await using var database = await TestDatabase.CreateAsync(server: server);
        await database.ExecuteAsync(
            "create table time_of (id int primary key, at datetime(6) not null, stamp timestamp(6) null, made datetime(6) not null default current_timestamp(6), day date not null)");
        var before = DateTimeOffset.UtcNow.AddMinutes(-1);

        // The hours that Europe and America skip and repeat, the last microsecond of a year, and offsets that change the day.
        DateTimeOffset[] instants =
        [
            new(2026, 3, 29, 2, 30, 0, TimeSpan.FromHours(1)),
            new(2026, 10, 25, 2, 30, 0, TimeSpan.FromHours(2)),
            new(2026, 10, 25, 2, 30, 0, TimeSpan.FromHours(1)),
            new(2026, 3, 8, 2, 30, 0, TimeSpan.FromHours(-5)),
            new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMicroseconds(-1),
            new(2026, 6, 30, 23, 30, 15, 123, 456, TimeSpan.FromHours(-11)),
            new(2026, 7, 1, 0, 30, 15, 999, 999, TimeSpan.FromHours(14)),
        ];
        for (var id = 0; id < instants.Length; id++)
        {
            await database.ExecuteAsync(
                "insert into time_of (id, at, stamp, day) values (@id, @at, @at, @day)", new { id, at = instants[id], day = DateOnly.FromDateTime(instants[id].DateTime) });
        }

        var read = await database.QueryAsync<DateTimeOffset>("select at from time_of order by id");
        Assert.Equal(instants, read);
        Assert.All(read, at => Assert.Equal(TimeSpan.Zero, at.Offset));
        Assert.Equal(instants, await database.QueryAsync<DateTimeOffset>("select stamp from time_of order by id"));
        Assert.All(await database.QueryAsync<DateTime>("select at from time_of"), at => Assert.Equal(DateTimeKind.Utc, at.Kind));
        Assert.Equal(
            instants.Select(instant => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", System.Globalization.CultureInfo.InvariantCulture)),
            await database.QueryAsync<string>("select cast(at as char) from time_of order by id"));
        Assert.Equal(instants.Select(instant => DateOnly.FromDateTime(instant.DateTime)), await database.QueryAsync<DateOnly>("select day from time_of order by id"));
        Assert.All(await database.QueryAsync<DateTimeOffset>("select made from time_of"), made => Assert.InRange(made, before, DateTimeOffset.UtcNow.AddMinutes(1)));
        Assert.Equal(3, await database.ScalarAsync<int>("select id from time_of where at = @at", new { at = new DateTime(2026, 3, 8, 7, 30, 0, DateTimeKind.Utc) }));
    }
}
