using System.Buffers.Binary;
using System.Buffers.Text;
using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Api.Http;

/// <summary>A place in a list by time and id, newest first: everything before it comes next.</summary>
internal sealed record TimeCursor(DateTimeOffset Time, Guid Id)
{
    private const int Length = sizeof(long) + 16;

    /// <exception cref="DomainException">The text is no cursor of ours.</exception>
    public static TimeCursor? Parse(string? text)
    {
        if (text is null)
        {
            return null;
        }

        Span<byte> place = stackalloc byte[Length];
        if (!Base64Url.IsValid(text, out var length) || length != Length || !Base64Url.TryDecodeFromChars(text, place, out _))
        {
            throw Invalid();
        }

        var ticks = BinaryPrimitives.ReadInt64BigEndian(place);
        return ticks >= DateTimeOffset.UnixEpoch.Ticks && ticks <= DateTimeOffset.MaxValue.Ticks
            ? new(new(ticks, TimeSpan.Zero), new(place[sizeof(long)..], bigEndian: true))
            : throw Invalid();
    }

    /// <summary>The first <paramref name="limit"/> of one more than asked for, and the cursor of the next page when there is one.</summary>
    public static (IReadOnlyList<T> Page, string? Next) Page<T>(IReadOnlyList<T> found, int limit, Func<T, TimeCursor> placeOf) =>
        found.Count > limit ? ([.. found.Take(limit)], placeOf(found[limit - 1]).ToString()) : (found, null);

    public override string ToString()
    {
        Span<byte> place = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(place, Time.UtcTicks);
        Id.TryWriteBytes(place[sizeof(long)..], bigEndian: true, out _);
        return Base64Url.EncodeToString(place);
    }

    /// <summary>Of any list: its cursor was made up or belongs to another one.</summary>
    public static DomainException Invalid() =>
        new(DomainErrorKind.Invalid, "cursor.invalid", "The cursor is not one of this list.") { Errors = [new("cursor", "Not a cursor of this list.", "cursor.invalid")] };
}
