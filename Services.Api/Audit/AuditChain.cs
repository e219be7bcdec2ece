using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AiPlatform.Services.Api.Audit;

/// <summary>The hash that ties a row to the row before it.</summary>
internal static class AuditChain
{
    /// <summary>
    /// SHA-256 over the previous hash and every column in a fixed order, each as its length and its UTF-8, so that no text can pass
    /// for the end of one column and the beginning of the next. Length -1 is null.
    /// </summary>
    public static string HashOf(string previousHash, AuditRow row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ReadOnlySpan<string?> columns =
        [
            previousHash, row.PracticeId, row.SequenceNumber.ToString(CultureInfo.InvariantCulture), row.EventId, row.OccurredAt, row.RecordedAt,
            row.UserId, row.Role, row.Action, row.RecordType, row.RecordId, row.Outcome, row.CorrelationId, row.RecordedBy,
        ];
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var column in columns)
        {
            var bytes = column is null ? null : Encoding.UTF8.GetBytes(column);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes?.Length ?? -1);
            hash.AppendData(length);
            hash.AppendData(bytes ?? []);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
