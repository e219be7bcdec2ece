using System.Data.Common;
using AiPlatform.ServiceDefaults.Errors;
using Dapper;

namespace AiPlatform.Services.Api.Consents;

/// <summary>For stores that may only go on with a client's consent, inside the transaction in which they do.</summary>
internal static class ConsentGuard
{
    /// <summary>Holds the consent until the transaction ends: a withdrawal waits for it, or has come before it and is seen.</summary>
    /// <exception cref="DomainException">The client has given none, or has withdrawn it.</exception>
    public static async Task EnsureRecordingAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, Guid clientId, CancellationToken cancellationToken)
    {
        var status = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            """
            select status from consents
            where practice_id = @practiceId and client_id = @clientId and kind = @kind
            lock in share mode
            """,
            new { practiceId, clientId, kind = ConsentKinds.Recording },
            transaction,
            cancellationToken: cancellationToken));
        if (status is not ConsentStatus.Given)
        {
            throw new DomainException(
                DomainErrorKind.Conflict, "consent.missing", "The client has no consent to recording in effect; a transcript cannot be taken in.");
        }
    }
}
