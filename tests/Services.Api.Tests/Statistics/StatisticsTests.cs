using System.Net;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Tests.Practices;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Api.Tests.Statistics;

public sealed class StatisticsTests(ClockedFactory factory) : IClassFixture<ClockedFactory>
{
    private const string Stats = "/api/v1/clinic/stats";

    [Theory]
    [InlineData(UserRole.Owner)]
    [InlineData(UserRole.Admin)]
    [InlineData(UserRole.Reception)]
    public async Task Stats_OfAPractice_EverythingThatWasAskedFor(UserRole role)
    {
        var (practice, nora, daniel) = await CreateAsync();
        using var person = await practice.SignInAsync(role);

        var stats = await person.GetJsonAsync($"{Stats}?from=2026-03-01&to=2026-03-31&includeBilling=true&includeAppointments=true");

        Assert.Equal(
            $$"""
            {"scope":"practice","practitionerId":null,"dateRange":{"from":"2026-03-01","to":"2026-03-31"},"timeZone":"Europe/London",
             "clients":{"total":4,"active":2,"newInRange":1,"byStatus":[{"status":"active","count":2},{"status":"new","count":1},{"status":"paused","count":1}]},
             "sessions":{"total":6,"planned":1,"held":4,"cancelled":1},
             "practitioners":{"active":2,"inactive":1},
             "billing":{"currency":"GBP","unit":"minor","billedSessions":4,"unpricedSessions":0,"amountMinor":32000,
                        "byPractitioner":[{"practitionerId":"{{daniel}}","name":"Daniel","sessions":2,"feeMinor":8500,"amountMinor":17000},
                                          {"practitionerId":"{{nora}}","name":"Nora","sessions":2,"feeMinor":7500,"amountMinor":15000}]},
             "appointments":{"interval":"day",
                             "items":[{"from":"2026-03-01","total":1,"planned":0,"held":1,"cancelled":0},
                                      {"from":"2026-03-16","total":2,"planned":0,"held":1,"cancelled":1},
                                      {"from":"2026-03-22","total":1,"planned":0,"held":1,"cancelled":0},
                                      {"from":"2026-03-31","total":2,"planned":1,"held":1,"cancelled":0}]} }
            """,
            stats.GetRawText(),
            SameJson.Comparer);
    }

    [Fact]
    public async Task Stats_OfAPractitioner_AreTheirOwn()
    {
        var (practice, nora, _) = await CreateAsync();
        using var person = await practice.SignInAsync(UserRole.Practitioner, nora);

        var stats = await person.GetJsonAsync($"{Stats}?from=2026-03-01&to=2026-03-31&includeBilling=true&includeAppointments=true&interval=week");

        Assert.Equal(
            $$"""
            {"scope":"own","practitionerId":"{{nora}}","dateRange":{"from":"2026-03-01","to":"2026-03-31"},"timeZone":"Europe/London",
             "clients":{"total":2,"active":1,"newInRange":0,"byStatus":[{"status":"active","count":1},{"status":"paused","count":1}]},
             "sessions":{"total":4,"planned":1,"held":2,"cancelled":1},
             "practitioners":{"active":2,"inactive":1},
             "billing":{"currency":"GBP","unit":"minor","billedSessions":2,"unpricedSessions":0,"amountMinor":15000,
                        "byPractitioner":[{"practitionerId":"{{nora}}","name":"Nora","sessions":2,"feeMinor":7500,"amountMinor":15000}]},
             "appointments":{"interval":"week",
                             "items":[{"from":"2026-02-23","total":1,"planned":0,"held":1,"cancelled":0},
                                      {"from":"2026-03-16","total":1,"planned":0,"held":0,"cancelled":1},
                                      {"from":"2026-03-30","total":2,"planned":1,"held":1,"cancelled":0}]} }
            """,
            stats.GetRawText(),
            SameJson.Comparer);
    }

    [Fact]
    public async Task Stats_NoDates_AreTheThirtyDaysUntilTodayInThePractice()
    {
        factory.Now = new(2026, 11, 20, 23, 30, 0, TimeSpan.Zero);
        var practice = await SmallPractice.CreateAsync(factory, "Pacific/Auckland");
        using var owner = await practice.SignInAsync(UserRole.Owner);

        var stats = await owner.GetJsonAsync(Stats);

        Assert.Equal(
            ("""{"from":"2026-10-23","to":"2026-11-21"}""", false, false),
            (stats.GetProperty("dateRange").GetRawText(), stats.TryGetProperty("billing", out _), stats.TryGetProperty("appointments", out _)));
    }

    [Fact]
    public async Task Stats_LongRange_ByWeeksUnlessDaysAreAskedFor()
    {
        var (practice, _, _) = await CreateAsync();
        using var owner = await practice.SignInAsync(UserRole.Owner);

        var weeks = await owner.GetJsonAsync($"{Stats}?from=2022-04-01&to=2027-03-31&includeAppointments=true");
        var days = await owner.GetJsonAsync($"{Stats}?from=2022-04-01&to=2027-03-31&includeAppointments=true&interval=day");

        Assert.Equal(
            ("week", "day", 8, 8),
            (weeks.GetProperty("appointments").GetProperty("interval").GetString(), days.GetProperty("appointments").GetProperty("interval").GetString(),
                Total(weeks), Total(days)));

        // In summer the clocks of London are an hour ahead: 23:30 on the last of March there is 22:30 in UTC.
        Assert.Contains("2026-03-31", days.GetProperty("appointments").GetProperty("items").EnumerateArray().Select(item => item.GetProperty("from").GetString()));
    }

    [Fact]
    public async Task Billing_WithoutFeeOrCurrency_SaysWhatHasNoPrice()
    {
        var unpriced = await SmallPractice.CreateAsync(factory, currency: "EUR");
        var nora = await unpriced.AddPractitionerAsync("Nora");
        await unpriced.AddSessionAsync(await unpriced.AddClientAsync(nora, "Ann"), nora, "2026-03-10T10:00:00Z");
        var without = await SmallPractice.CreateAsync(factory);
        var daniel = await without.AddPractitionerAsync("Daniel", fee: 8000);
        await without.AddSessionAsync(await without.AddClientAsync(daniel, "Ben"), daniel, "2026-03-10T10:00:00Z");

        Assert.Equal(
            [
                $$"""{"currency":"EUR","unit":"minor","billedSessions":0,"unpricedSessions":1,"amountMinor":0,"byPractitioner":[{"practitionerId":"{{nora}}","name":"Nora","sessions":1,"feeMinor":null,"amountMinor":0}]}""",
                $$"""{"currency":null,"unit":"minor","billedSessions":0,"unpricedSessions":1,"amountMinor":0,"byPractitioner":[{"practitionerId":"{{daniel}}","name":"Daniel","sessions":1,"feeMinor":null,"amountMinor":0}]}""",
            ],
            [await BillingAsync(unpriced), await BillingAsync(without)]);
    }

    [Theory]
    [InlineData("from=2026-03-02&to=2026-03-01", "from")]
    [InlineData("from=2021-03-01&to=2026-03-01", "to")]
    [InlineData("from=1989-12-31&to=1990-01-01", "from")]
    [InlineData("from=2100-01-01&to=2101-01-01", "to")]
    [InlineData("to=0001-01-01", "to")]
    [InlineData("from=9999-12-31", "to")]
    [InlineData("from=2026-02-30", "from")]
    [InlineData("from=01/03/2026", "from")]
    [InlineData("to=x", "to")]
    public async Task Stats_DatesThatMakeNoRange_BadRequestWithTheField(string query, string field)
    {
        var practice = await SmallPractice.CreateAsync(factory);
        using var owner = await practice.SignInAsync(UserRole.Owner);

        var problem = await (await owner.GetAsync($"{Stats}?{query}")).ReadAsync(HttpStatusCode.BadRequest);

        Assert.Equal(
            ("date_range.invalid", field),
            (problem.GetProperty("code").GetString(), problem.GetProperty("errors")[0].GetProperty("field").GetString()));
    }

    [Theory]
    [InlineData("interval=month")]
    [InlineData("includeBilling=maybe")]
    [InlineData("from=2026-11-20T10:00:00Z")]
    public async Task Stats_ParameterThatIsNone_BadRequest(string query)
    {
        var practice = await SmallPractice.CreateAsync(factory);
        using var owner = await practice.SignInAsync(UserRole.Owner);

        Assert.Equal(HttpStatusCode.BadRequest, (await owner.GetAsync($"{Stats}?{query}")).StatusCode);
    }

    [Theory]
    [InlineData(UserRole.Client)]
    [InlineData(UserRole.Service)]
    [InlineData(UserRole.Practitioner)]
    public async Task Stats_ClientServiceOrPractitionerWithoutProfile_Forbidden(UserRole role)
    {
        var practice = await SmallPractice.CreateAsync(factory);
        using var person = await practice.SignInAsync(role);

        await (await person.GetAsync(Stats)).AssertProblemAsync(HttpStatusCode.Forbidden, "stats.forbidden");
    }

    [Fact]
    public async Task Stats_OfOneDayAndOfFiveYears_TakeTheSameStatements()
    {
        var (practice, _, _) = await CreateAsync();
        using var owner = await practice.SignInAsync(UserRole.Owner);
        const string All = "includeBilling=true&includeAppointments=true";

        await owner.GetJsonAsync($"{Stats}?{All}");
        var (ofDay, _) = await SqlStatements.OfAsync(owner, $"{Stats}?from=2026-03-16&to=2026-03-16&{All}");
        var (ofYears, _) = await SqlStatements.OfAsync(owner, $"{Stats}?from=2022-04-01&to=2027-03-31&interval=day&{All}");

        Assert.Equal(
            [
                "select practices", "select practice_contacts", "select practice_locations", "select clinical_sessions", "select clients", "select practitioners",
                "select practitioners", "select clinical_sessions",
            ],
            ofDay);
        Assert.Equal(ofDay, ofYears);
    }

    private static int Total(System.Text.Json.JsonElement stats) =>
        stats.GetProperty("appointments").GetProperty("items").EnumerateArray().Sum(item => item.GetProperty("total").GetInt32());

    private static async Task<string> BillingAsync(SmallPractice practice)
    {
        using var owner = await practice.SignInAsync(UserRole.Owner);
        return (await owner.GetJsonAsync($"{Stats}?from=2026-03-01&to=2026-03-31&includeBilling=true")).GetProperty("billing").GetRawText();
    }

    // Sessions at the ends of March as London has it: winter time at its beginning, summer time at its end, and one of each other month.
    private async Task<(SmallPractice Practice, Guid Nora, Guid Daniel)> CreateAsync()
    {
        factory.Now = new(2026, 4, 2, 12, 0, 0, TimeSpan.Zero);
        var practice = await SmallPractice.CreateAsync(factory, fee: 7500, currency: "GBP");
        var (nora, daniel) = (await practice.AddPractitionerAsync("Nora"), await practice.AddPractitionerAsync("Daniel", fee: 8500));
        await practice.AddPractitionerAsync("Ursula", active: false);
        var ann = await practice.AddClientAsync(nora, "Ann");
        await practice.AddClientAsync(nora, "Bob", "paused");
        var eve = await practice.AddClientAsync(daniel, "Eve", started: "2026-03-15");
        await practice.AddClientAsync(daniel, "Ida", "new", "2026-04-01");
        await practice.AddSessionAsync(ann, nora, "2026-02-28T23:59:59.999999Z");
        await practice.AddSessionAsync(ann, nora, "2026-03-01T00:00:00Z");
        await practice.AddSessionAsync(ann, nora, "2026-03-16T09:00:00Z", "cancelled");
        await practice.AddSessionAsync(eve, daniel, "2026-03-16T23:59:00Z");
        await practice.AddSessionAsync(eve, daniel, "2026-03-22T10:00:00Z");
        await practice.AddSessionAsync(ann, nora, "2026-03-30T23:30:00Z");
        await practice.AddSessionAsync(ann, nora, "2026-03-31T22:30:00Z", "planned");
        await practice.AddSessionAsync(ann, nora, "2026-03-31T23:00:00Z", "planned");
        return (practice, nora, daniel);
    }
}
