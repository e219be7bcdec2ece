namespace AiPlatform.Services.Chat.Keys.Limits;

/// <summary>Whose calls are counted together.</summary>
/// <param name="Kind">key, user or practice.</param>
internal readonly record struct LimitSubject(Guid PracticeId, string Kind, Guid Id)
{
    public string RedisKey => $"limits:{PracticeId}:{Kind}:{Id}";
}
