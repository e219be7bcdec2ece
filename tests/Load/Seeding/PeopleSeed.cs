using System.Data.Common;
using System.Text.Json;
using AiPlatform.Services.Api.Data;
using Microsoft.AspNetCore.Identity;

namespace AiPlatform.Load.Seeding;

/// <summary>Each practice with its locations, practitioners and users; they all have <see cref="SeedPractice.Password"/>.</summary>
internal sealed class PeopleSeed(Phrases phrases) : ISeed
{
    private readonly string _passwordHash = new PasswordHasher<PeopleSeed>().HashPassword(null!, SeedPractice.Password);

    public string Name => "people";

    public int BatchLength => 1;

    public int CountIn(SeedPractice practice) => 1;

    public async Task<int> WriteAsync(
        DbConnection connection, DbTransaction transaction, SeedPractice practice, int first, int end, CancellationToken cancellationToken)
    {
        var now = practice.Plan.FirstDay.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        var random = practice.RandomOf(SeedKind.Practice, 0);
        var town = phrases.Say("town", random);
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            "insert into practices (id, name, owner_name, email, phone, time_zone, created_at)",
            [[practice.Id, $"{town} Practice", $"{phrases.Say("firstname", random)} {phrases.Say("surname", random)}", $"office@practice{practice.Number}.example", "+44 1632 960 100", "Europe/London", now]],
            cancellationToken);
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            "insert into practice_locations (id, practice_id, name, street, city, postcode, country)",
            [[practice.IdOf(SeedKind.Location, 0), practice.Id, $"{town} House", $"{random.Next(1, 200)} {phrases.Say("town", random)} Road", town, "ZZ1 1XX", "United Kingdom"]],
            cancellationToken);
        var practitioners = Enumerable.Range(0, practice.Practitioners).Select(number =>
        {
            var own = practice.RandomOf(SeedKind.Practitioner, number);
            string[] specialities = [phrases.Say("speciality", own), phrases.Say("speciality", own)];
            return (object?[])
            [
                practice.IdOf(SeedKind.Practitioner, number), practice.Id, $"{phrases.Say("firstname", own)} {phrases.Say("surname", own)}",
                phrases.Say("profession", own), SeedPractice.EmailOf("practitioner", number, practice.Number), "+44 1632 960 101",
                JsonSerializer.Serialize(specialities.Distinct()), true, now,
            ];
        }).ToList();
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            "insert into practitioners (id, practice_id, name, title, email, phone, specialities, active, created_at)",
            practitioners,
            cancellationToken);

        (string Role, int Number, Guid? ProfileId, Guid? ClientId)[] users =
        [
            ("owner", 0, null, null),
            ("reception", 0, null, null),
            ("client", 0, null, practice.ClientIdOf(0)),
            .. Enumerable.Range(0, practice.Practitioners).Select(number => ("practitioner", number, (Guid?)practice.IdOf(SeedKind.Practitioner, number), (Guid?)null)),
        ];
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            """
            insert into users
                (id, practice_id, email, password_hash, role, display_name, profile_id, client_id, customer_id, active, created_at)
            """,
            users.Select((user, index) => (object?[])
            [
                practice.IdOf(SeedKind.User, index), practice.Id, SeedPractice.EmailOf(user.Role, user.Number, practice.Number), _passwordHash, user.Role,
                $"{user.Role} {user.Number}", user.ProfileId, user.ClientId, null, true, now,
            ]),
            cancellationToken);
        return 2 + practitioners.Count + users.Length;
    }
}
