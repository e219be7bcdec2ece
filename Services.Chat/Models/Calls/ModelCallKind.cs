namespace AiPlatform.Services.Chat.Models.Calls;

internal enum ModelCallKind
{
    Chat,
    Responses,
    Embeddings,
}

/// <summary>How a call ended.</summary>
internal enum ModelCallOutcome
{
    /// <summary>The whole reply was passed on.</summary>
    Complete,

    /// <summary>The reply broke off after some of it was passed on.</summary>
    Partial,

    /// <summary>The caller went before the end.</summary>
    Aborted,

    /// <summary>There was no reply.</summary>
    Failed,

    /// <summary>Answered from the cache; no endpoint was asked.</summary>
    Cached,

    /// <summary>Not let in: a limit, a budget, a model that is not the caller's to use.</summary>
    Refused,
}
