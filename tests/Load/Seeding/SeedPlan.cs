namespace AiPlatform.Load.Seeding;

/// <summary>
/// What is in the seeded practices. Everything in them follows from this and from numbers, so that a seed that broke off goes on where it was.
/// </summary>
/// <param name="Day">The day it is made for: sessions reach from five years before to two months after.</param>
internal sealed record SeedPlan(double Scale, DateOnly Day)
{
    private const int Neighbours = 10;
    private const int YearsBack = 5;
    private const int DaysAhead = 60;

    public DateOnly FirstDay => Day.AddYears(-YearsBack);

    public DateOnly LastDay => Day.AddDays(DaysAhead);

    /// <summary>The large one first, then neighbours, so that no query has the tables to itself.</summary>
    public IReadOnlyList<SeedPractice> Practices =>
    [
        .. Enumerable.Range(0, Neighbours + 1).Select(number => new SeedPractice(this, number, Of(number == 0 ? 20_000 : 100), Of(number == 0 ? 200_000 : 1_000))),
    ];

    private int Of(int full) => Math.Max(20, (int)(full * Scale));
}

/// <summary>One practice of the seed, by its numbers.</summary>
internal sealed record SeedPractice(SeedPlan Plan, int Number, int Clients, int Sessions)
{
    public const string Password = "a long enough password for a seed";

    private const int ClientsEach = 250;

    public int Practitioners => Math.Max(4, Clients / ClientsEach);

    public Guid Id => IdOf(SeedKind.Practice, 0);

    /// <summary>A random generator of its own for each row, so that rows can be made in any order.</summary>
    public Random RandomOf(SeedKind kind, int number) => new(HashCodeOf(kind, number));

    public Guid IdOf(SeedKind kind, int number) => IdOf(kind, number, new(Plan.FirstDay, TimeOnly.MinValue, TimeSpan.Zero));

    /// <summary>Version 7, as the product makes them: rows made one after the other lie one after the other.</summary>
    public Guid IdOf(SeedKind kind, int number, DateTimeOffset madeAt)
    {
        var milliseconds = madeAt.ToUnixTimeMilliseconds();
        return new(
            (int)(milliseconds >> 16), (short)milliseconds, (short)(0x7000 | (int)kind), (byte)0x80, (byte)Number, 0, 0,
            (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number);
    }

    /// <summary>The large practice's first client: a thousand pages of everything that hangs on a client.</summary>
    public bool HasLongLists(int client) => Number == 0 && client == 0;

    public int PractitionerOf(int client) => client % Practitioners;

    public Guid PractitionerIdOf(int client) => IdOf(SeedKind.Practitioner, PractitionerOf(client));

    public DateOnly StartOf(int client) => Plan.FirstDay.AddDays((int)((long)client * (Plan.Day.DayNumber - Plan.FirstDay.DayNumber) / Clients));

    public Guid ClientIdOf(int client) => IdOf(SeedKind.Client, client, new(StartOf(client), TimeOnly.MinValue, TimeSpan.Zero));

    public static string EmailOf(string person, int number, int practice) => $"{person}{number}@practice{practice}.example";

    private int HashCodeOf(SeedKind kind, int number) => unchecked((((int)kind * 7919) + Number) * 1_000_003 + number);
}

internal enum SeedKind
{
    Practice,
    Location,
    Practitioner,
    User,
    Client,
    Session,
    Assignment,
    Result,
    Mood,
    Audit,
    Care,
    ClientName,
}
