using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Api.Practices;

namespace AiPlatform.Services.Api.Tests.Practices;

public sealed class DateRangeTests
{
    private static readonly DateOnly Today = new(2026, 11, 20);

    [Theory]
    [InlineData(null, null, "2026-10-22", "2026-11-20")]
    [InlineData(null, "2026-03-30", "2026-03-01", "2026-03-30")]
    [InlineData("2026-11-01", null, "2026-11-01", "2026-11-20")]
    [InlineData("2027-01-01", null, "2027-01-01", "2027-01-01")]
    [InlineData("2021-11-21", "2026-11-20", "2021-11-21", "2026-11-20")]
    [InlineData("2024-02-29", "2029-02-27", "2024-02-29", "2029-02-27")]
    public void Check_DatesGivenOrNot_MakeARange(string? from, string? to, string begin, string end) =>
        Assert.Equal(
            new DateRange(DateRange.Read(begin, "")!.Value, DateRange.Read(end, "")!.Value),
            DateRange.Check(DateRange.Read(from, "from"), DateRange.Read(to, "to"), Today));

    [Theory]
    [InlineData("2021-11-20", "2026-11-20", "to")]
    [InlineData("2026-11-21", "2026-11-20", "from")]
    public void Check_TooLongOrBackwards_RefusedWithTheField(string from, string to, string field)
    {
        var refused = Assert.Throws<DomainException>(() => DateRange.Check(DateRange.Read(from, ""), DateRange.Read(to, ""), Today, "dateRange."));

        Assert.Equal(("date_range.invalid", $"dateRange.{field}"), (refused.Code, refused.Errors.Single().Field));
    }
}
