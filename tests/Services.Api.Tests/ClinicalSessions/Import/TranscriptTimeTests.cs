using AiPlatform.Services.Api.ClinicalSessions.Import;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Import;

public sealed class TranscriptTimeTests
{
    [Theory]
    [InlineData("00:00:00", 0)]
    [InlineData("01:02:03", 3_723_000)]
    [InlineData("1:02:03.250", 3_723_250)]
    [InlineData("02:03", 123_000)]
    [InlineData("90:00", 5_400_000)]
    [InlineData("12", 12_000)]
    [InlineData(" 12.5 ", 12_500)]
    [InlineData("24:00:00", 86_400_000)]
    public void TryParse_Time_Milliseconds(string text, int milliseconds)
    {
        Assert.True(TranscriptTime.TryParse(text, out var parsed));
        Assert.Equal(milliseconds, parsed);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("-1")]
    [InlineData("1,5")]
    [InlineData("1e3")]
    [InlineData("00:60")]
    [InlineData("00:61:00")]
    [InlineData("1:2:3:4")]
    [InlineData("24:00:01")]
    [InlineData("99999999999999999999")]
    [InlineData("79228162514264337593543950335")]
    [InlineData("2147483647:00:00")]
    public void TryParse_SomethingElse_Refused(string? text) => Assert.False(TranscriptTime.TryParse(text, out _));
}
