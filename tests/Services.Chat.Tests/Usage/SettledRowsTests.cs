using AiPlatform.Services.Chat.Usage.Records;

namespace AiPlatform.Services.Chat.Tests.Usage;

public sealed class SettledRowsTests
{
    private static readonly Guid Practice = Guid.Parse("0193a1c2-0000-7000-8000-000000000001");
    private static readonly Guid User = Guid.Parse("0193a1c2-0000-7000-8000-000000000002");

    private static readonly SettledCall Call = new(
        "req_1", Practice, User, null, null, null, "gpt-4o", "openai", "o'brien \\ \"ost\"", "chat", true, "complete", null,
        24, 0, 9, 3, false, 0.000000123m, new(2026, 11, 28, 14, 5, 6, 789, TimeSpan.FromHours(1)), 12, null, 1);

    // Of the texts there is nothing left that a statement could take for its own.
    [Fact]
    public void ToStatement_AllColumns_AreNumbersAsTheyArePlainTextsInQuotesAndOthersInHexadecimal()
    {
        var other = Call with
        {
            RequestId = "req_2", Persona = "Zoë", KeyId = User, RunId = Practice, Model = "x'); drop table usage_calls; --", ErrorCode = "provider.timeout",
            CachedInputTokens = 7, IsEstimated = true, FirstTokenMs = 5, Attempts = 2,
        };

        var statement = SettledRows.ToStatement([Call, other]);

        const string practice = "'0193a1c2-0000-7000-8000-000000000001'", user = "'0193a1c2-0000-7000-8000-000000000002'";
        const string endpoint = "_utf8mb4 x'6f27627269656e205c20226f737422'";
        Assert.Equal(
            $"""
            insert into usage_calls (request_id, practice_id, user_id, persona, key_id, run_id, model, provider, endpoint, kind, streams, outcome, error_code, input_tokens, cached_input_tokens, output_tokens, reasoning_tokens, is_estimated, cost_usd, started_at, duration_ms, first_token_ms, attempts) values
            ('req_1',{practice},{user},null,null,null,'gpt-4o','openai',{endpoint},'chat',1,'complete',null,24,0,9,3,0,0.000000123,'2026-11-28 13:05:06.789000',12,null,1),
            ('req_2',{practice},{user},_utf8mb4 x'5a6fc3ab',{user},{practice},_utf8mb4 x'7827293b2064726f70207461626c652075736167655f63616c6c733b202d2d','openai',{endpoint},'chat',1,'complete','provider.timeout',24,7,9,3,1,0.000000123,'2026-11-28 13:05:06.789000',12,5,2)
            on duplicate key update request_id = usage_calls.request_id
            """,
            statement);
    }

    [Fact]
    public void ToStatement_WhatTheTableTakesForGranted_IsLeftOut()
    {
        var usual = Call with { Streams = false, ReasoningTokens = 0 };

        var statement = SettledRows.ToStatement([usual]);

        Assert.Equal(
            """
            insert into usage_calls (request_id, practice_id, user_id, model, provider, endpoint, kind, outcome, input_tokens, output_tokens, cost_usd, started_at, duration_ms, first_token_ms) values
            ('req_1','0193a1c2-0000-7000-8000-000000000001','0193a1c2-0000-7000-8000-000000000002','gpt-4o','openai',_utf8mb4 x'6f27627269656e205c20226f737422','chat','complete',24,9,0.000000123,'2026-11-28 13:05:06.789000',12,null)
            on duplicate key update request_id = usage_calls.request_id
            """,
            statement);
    }
}
