using AiPlatform.Services.Api.Practices;

namespace AiPlatform.Services.Api.Tests.Practices;

public sealed class TimeZonesTests
{
    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/London")]
    [InlineData("America/Argentina/Buenos_Aires")]
    [InlineData("America/Port-au-Prince")]
    [InlineData("Etc/GMT+5")]
    public void TryFind_IanaName_Found(string name)
    {
        Assert.True(TimeZones.TryFind(name, out var zone));
        Assert.Equal(name, zone.Id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" UTC")]
    [InlineData("europe/london")]
    [InlineData("Europe/Atlantis")]
    [InlineData("Europe/")]
    [InlineData("Europe")]
    [InlineData("GMT Standard Time")]
    [InlineData("UTC-11")]
    [InlineData("+01:00")]
    [InlineData("../../../etc/passwd")]
    [InlineData("/etc/localtime")]
    [InlineData("localtime")]
    [InlineData("right/Europe/London")]
    [InlineData("posix/Europe/London")]
    [InlineData("Europe/London\n")]
    public void TryFind_AnythingElse_NotFound(string? name) => Assert.False(TimeZones.TryFind(name, out _));

    [Fact]
    public void TryFind_LongerThanATableTakes_NotFound() => Assert.False(TimeZones.TryFind(new string('A', 65), out _));
}
