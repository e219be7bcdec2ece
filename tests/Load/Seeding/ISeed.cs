using System.Data.Common;

namespace AiPlatform.Load.Seeding;

/// <summary>One kind of rows, made in batches that know nothing of each other.</summary>
internal interface ISeed
{
    /// <summary>Under it is noted which batches are there; rows that are made anew need another name.</summary>
    string Name { get; }

    int BatchLength { get; }

    int CountIn(SeedPractice practice);

    /// <summary>Inserts what belongs to the numbers from <paramref name="first"/> up to <paramref name="end"/>, which is excluded.</summary>
    /// <returns>How many rows that were.</returns>
    Task<int> WriteAsync(
        DbConnection connection, DbTransaction transaction, SeedPractice practice, int first, int end, CancellationToken cancellationToken);
}
