namespace AiPlatform.ServiceDefaults.Security;

/// <summary>The credentials of an Authorization header (RFC 6750).</summary>
public static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <returns>Null when the header has another scheme, or there is none.</returns>
    public static string? Of(string authorization) => IsIn(authorization) ? authorization[Scheme.Length..].Trim() : null;

    /// <summary>What <see cref="Of"/> returns, without a string of its own.</summary>
    public static ReadOnlySpan<char> SpanOf(string authorization) => IsIn(authorization) ? authorization.AsSpan(Scheme.Length).Trim() : [];

    private static bool IsIn(string authorization) => authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
}
