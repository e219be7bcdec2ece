using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard.Resources;

/// <summary>
/// Tells which values are kept back: what holds a secret of the app model or of this run, what looks like a connection string or an
/// address with a password, and what is called by a name that secrets have. Rather one too many: a value is a click away.
/// </summary>
internal sealed partial class SecretValues(DistributedApplicationModel model, IConfiguration configuration)
{
    // A shorter one would stand in half of all values by chance; it is kept back where it is the whole value.
    private const int ShortestPart = 6;

    public bool IsSecret(string name, string value) =>
        value.Length > 0 && (NameOfSecret().IsMatch(name) || Password().IsMatch(value) || Known().Any(secret => IsIn(secret, value)));

    /// <summary>A text of somebody else, such as the message of an exception, without the secrets in it.</summary>
    public string? Mask(string? text) => text is null
        ? null
        : Known().Where(secret => secret.Length >= ShortestPart).Aggregate(text, (masked, secret) => masked.Replace(secret, "***", StringComparison.Ordinal));

    private static bool IsIn(string secret, string value) => secret.Length < ShortestPart ? value == secret : value.Contains(secret, StringComparison.Ordinal);

    private IEnumerable<string> Known()
    {
        var parameters = model.Resources.SelectMany(ParametersOf).Where(p => p.Secret).Select(p => p.KnownValue);
        var connections = model.Resources.SelectMany(r => r.Annotations.OfType<ConfiguredConnectionAnnotation>()).Select(c => c.ConnectionString);
        return parameters.Concat(connections).Concat([configuration["AppHost:OtlpApiKey"], configuration["AppHost:BrowserToken"]]).OfType<string>().Where(s => s.Length > 0);
    }

    private static IEnumerable<ParameterResource> ParametersOf(IResource resource) => resource switch
    {
        ParameterResource parameter => [parameter],
        MySqlServerResource mySql => [mySql.PasswordParameter],
        RedisResource { PasswordParameter: { } password } => [password],
        _ => [],
    };

    // Models__OpenAi__ApiKey, DB_PASSWORD, GITHUB_TOKEN, Auth__ClientSecret, OTEL_EXPORTER_OTLP_HEADERS; not MONKEY, not TOKENS_PER_MINUTE.
    [GeneratedRegex("(^|_|(?-i:(?<=[a-z0-9])(?=[A-Z])))(pass|passwd|passwords?|passphrase|pwd|secrets?|token|key|credentials?|headers)(_|$|[0-9])", RegexOptions.IgnoreCase)]
    private static partial Regex NameOfSecret();

    // Server=localhost;Password=x, localhost:6379,password=x, AccountKey=x, mysql://root:x@localhost
    [GeneratedRegex("(password|pwd|secret|token|(account|access|api|shared)[ _-]?key)\\s*=|://[^/@\\s]*:[^/@\\s]+@", RegexOptions.IgnoreCase)]
    private static partial Regex Password();
}
