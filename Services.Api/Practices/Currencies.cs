using System.Collections.Frozen;
using System.Globalization;

namespace AiPlatform.Services.Api.Practices;

/// <summary>The currencies of ISO 4217 that money is paid in, and amounts in their minor units.</summary>
internal static class Currencies
{
    private static readonly FrozenSet<string> Codes = FrozenSet.ToFrozenSet(
        """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK
        DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS
        KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD
        OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP
        TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));

    private static readonly FrozenSet<string> WithoutMinorUnit = FrozenSet.ToFrozenSet(
        ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"]);

    private static readonly FrozenSet<string> WithThreeDigits = FrozenSet.ToFrozenSet(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]);

    public static bool Exists(string? code) => code is not null && Codes.Contains(code);

    /// <summary>8000 GBP is "80.00 GBP", 8000 JPY "8000 JPY".</summary>
    public static string Format(long minor, string currency)
    {
        var digits = WithoutMinorUnit.Contains(currency) ? 0 : WithThreeDigits.Contains(currency) ? 3 : 2;
        var scale = digits switch { 0 => 1m, 2 => 100m, _ => 1000m };
        return string.Create(CultureInfo.InvariantCulture, $"{(minor / scale).ToString($"F{digits}", CultureInfo.InvariantCulture)} {currency}");
    }
}
