namespace AiPlatform.Services.Chat.Models.Caching;

/// <summary>Where a reply is kept: in its practice, under the hash of all that makes a request the same, whose it is included.</summary>
/// <param name="Scope">The user it is kept for, or empty for everybody of the practice. In the hash too; here it is what the entry is sealed for.</param>
internal readonly record struct CacheAddress(Guid PracticeId, Guid Scope, string Hash)
{
    /// <summary>What its contents are sealed for.</summary>
    public string Place => $"{PracticeId}/{Scope}/{Hash}";
}

/// <summary>Whose call made an entry, with which model: what it is invalidated by.</summary>
internal sealed record CacheOrigin(Guid PracticeId, Guid UserId, string Model)
{
    /// <summary>Whether it is among what is taken away; null means every one.</summary>
    public bool IsOf(Guid practiceId, Guid? userId, string? model) =>
        PracticeId == practiceId && (userId is null || UserId == userId) && (model is null || Model == model);
}
