using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Keys;

/// <summary>Who has to do with keys, and what one may be.</summary>
internal static class KeyRules
{
    public const int MaxPerPractice = 500;

    private const int MaxNameLength = 100;
    private const int MaxModels = 100;
    private const int MaxRequestsPerMinute = 1_000_000;
    private const int MaxTokensPerMinute = 1_000_000_000;
    private const int MaxConcurrency = 10_000;
    private const int MaxGraceSeconds = 86_400;

    /// <summary>Those who lead, themselves: an agent that works for one of them makes no keys.</summary>
    public static void EnsureMayManage(CurrentUser user)
    {
        if (user.Role is not (UserRole.Owner or UserRole.Admin) || user.RunId is not null)
        {
            throw new DomainException(DomainErrorKind.Forbidden, "key.forbidden", "Keys are for those who lead the practice.");
        }
    }

    public static DomainException NotFound() => new(DomainErrorKind.NotFound, "key.not_found", "There is no such key.");

    public static DomainException Revoked() => new(DomainErrorKind.Conflict, "key.revoked", "The key was revoked, for good.");

    /// <param name="held">What its end was before, which may stay though it has passed.</param>
    /// <exception cref="DomainException">key.invalid, with every fault.</exception>
    public static KeyTerms Check(ChangeKeyRequest request, CatalogueSnapshot catalogue, DateTimeOffset? held, DateTimeOffset now)
    {
        var faults = new Faults("key.invalid");
        var terms = new KeyTerms(
            faults.Text("name", request.Name, MaxNameLength),
            Scopes(request.Scopes, faults),
            Models(request.Models, catalogue, faults),
            new(
                AtMost("requestsPerMinute", request.RequestsPerMinute, MaxRequestsPerMinute, faults),
                AtMost("tokensPerMinute", request.TokensPerMinute, MaxTokensPerMinute, faults),
                AtMost("concurrency", request.Concurrency, MaxConcurrency, faults)),
            request.ExpiresAt);

        if (request.ExpiresAt <= now && request.ExpiresAt != held)
        {
            faults.Add("expiresAt", "time.past", "A time in the future is needed.");
        }

        faults.Throw();
        return terms;
    }

    public static TimeSpan CheckGrace(RotateKeyRequest request)
    {
        var faults = new Faults("key.invalid");
        var seconds = request.GraceSeconds is null ? 0 : faults.Number("graceSeconds", request.GraceSeconds, 0, MaxGraceSeconds);
        faults.Throw();
        return TimeSpan.FromSeconds(seconds);
    }

    private static IReadOnlyList<string> Scopes(IReadOnlyList<string?>? asked, Faults faults)
    {
        if (asked is null)
        {
            return KeyScopes.All;
        }

        if (asked.Count == 0 || asked.Any(scope => !KeyScopes.All.Contains(scope)) || asked.Distinct().Count() < asked.Count)
        {
            faults.Add("scopes", "key.scopes_invalid", $"At least one of {string.Join(", ", KeyScopes.All)}, each once.");
        }

        return [.. KeyScopes.All.Where(asked.Contains)];
    }

    private static List<string>? Models(IReadOnlyList<string?>? asked, CatalogueSnapshot catalogue, Faults faults)
    {
        if (asked is null)
        {
            return null;
        }

        if (asked.Count is 0 or > MaxModels)
        {
            faults.Add("models", "key.models_invalid", $"1 to {MaxModels} models, or none named for all.");
            return [];
        }

        var names = new List<string>();
        foreach (var (index, name) in asked.Index())
        {
            var group = catalogue.Groups.FirstOrDefault(group => group.Aliases.Append(group.Name).Contains(name, StringComparer.OrdinalIgnoreCase));

            if (group is null)
            {
                faults.Add($"models[{index}]", "model.unknown", "There is no such model.");
            }
            else if (names.Contains(group.Name))
            {
                faults.Add($"models[{index}]", "key.models_invalid", "The model stands there already.");
            }
            else
            {
                names.Add(group.Name);
            }
        }

        return names;
    }

    private static int? AtMost(string field, int? number, int most, Faults faults) => number is null ? null : faults.Number(field, number, 1, most);
}

/// <summary>What of a key its practice decides.</summary>
internal sealed record KeyTerms(string Name, IReadOnlyList<string> Scopes, IReadOnlyList<string>? Models, CallerLimits Limits, DateTimeOffset? ExpiresAt);
