using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Isolation;

/// <summary>Somebody whom practice A's conversation is none of the business of.</summary>
internal static class Stranger
{
    /// <summary>Every role of another practice, also under the very ids that A's user has, and the colleagues: a chat is its user's own.</summary>
    public static TheoryData<string, UserRole> All
    {
        get
        {
            var all = new TheoryData<string, UserRole>();
            foreach (var role in Enum.GetValues<UserRole>())
            {
                all.Add("other practice", role);
                all.Add("other practice, same user", role);
                all.Add("other user, same practice", role);
            }

            return all;
        }
    }

    public static TestToken Of(TestToken a, string who, UserRole role)
    {
        var same = a with { Role = role, UserId = Guid.CreateVersion7() };
        return who switch
        {
            "other practice" => same with { PracticeId = Guid.CreateVersion7(), ProfileId = Guid.CreateVersion7(), CustomerId = "customer-b" },
            "other practice, same user" => a with { Role = role, PracticeId = Guid.CreateVersion7() },
            _ => same with { ProfileId = Guid.CreateVersion7(), CustomerId = "customer-b" },
        };
    }
}
