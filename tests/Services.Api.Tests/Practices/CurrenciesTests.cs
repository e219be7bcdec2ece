using AiPlatform.Services.Api.Practices;

namespace AiPlatform.Services.Api.Tests.Practices;

public sealed class CurrenciesTests
{
    [Theory]
    [InlineData(8000, "GBP", "80.00 GBP")]
    [InlineData(5, "EUR", "0.05 EUR")]
    [InlineData(8000, "JPY", "8000 JPY")]
    [InlineData(8000, "KWD", "8.000 KWD")]
    [InlineData(long.MaxValue, "USD", "92233720368547758.07 USD")]
    public void Format_MinorUnits_AsTheCurrencyDividesThem(long minor, string currency, string expected) =>
        Assert.Equal(expected, Currencies.Format(minor, currency));

    [Theory]
    [InlineData("GBP", true)]
    [InlineData("ZWG", true)]
    [InlineData("gbp", false)]
    [InlineData("XXX", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Exists_Code_OnlyOfMoneyThatIsPaidWith(string? code, bool expected) => Assert.Equal(expected, Currencies.Exists(code));
}
