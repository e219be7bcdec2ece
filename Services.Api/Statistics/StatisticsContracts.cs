using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Services.Api.Practices;

namespace AiPlatform.Services.Api.Statistics;

/// <summary>The practice, or a practitioner's part of it, in figures.</summary>
/// <param name="Scope">practice, or own for a practitioner: their sessions, and the clients they treat today.</param>
/// <param name="PractitionerId">Whose figures they are; null for the practice's.</param>
/// <param name="DateRange">What it is about; a default one when none was asked for.</param>
/// <param name="TimeZone">The practice's: its days are days there.</param>
/// <param name="Clients">How many there are.</param>
/// <param name="Sessions">How many began within the range.</param>
/// <param name="Practitioners">How many there are.</param>
/// <example>{"scope":"practice","practitionerId":null,"dateRange":{"from":"2026-11-01","to":"2026-11-30"},"timeZone":"Europe/London","clients":{"total":14,"active":13,"newInRange":1,"byStatus":[{"status":"active","count":13},{"status":"new","count":1}]},"sessions":{"total":6,"planned":1,"held":4,"cancelled":1},"practitioners":{"active":3,"inactive":0},"billing":{"currency":"GBP","unit":"minor","billedSessions":4,"unpricedSessions":0,"amountMinor":30000,"byPractitioner":[{"practitionerId":"0a000000-0000-7000-8000-000000000101","name":"Nora Berg","sessions":4,"feeMinor":7500,"amountMinor":30000}]},"appointments":{"interval":"day","items":[{"from":"2026-11-10","total":2,"planned":0,"held":2,"cancelled":0}]}}</example>
public sealed record StatisticsResponse(
    string Scope, Guid? PractitionerId, DateRangeResponse DateRange, string TimeZone, ClientStatisticsResponse Clients,
    SessionStatisticsResponse Sessions, PractitionerStatisticsResponse Practitioners)
{
    /// <summary>Only there when asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BillingResponse? Billing { get; init; }

    /// <summary>Only there when asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AppointmentsResponse? Appointments { get; init; }
}

/// <summary>Days of the practice, both included.</summary>
/// <param name="From">The first.</param>
/// <param name="To">The last.</param>
public sealed record DateRangeResponse(DateOnly From, DateOnly To)
{
    internal static DateRangeResponse Of(DateRange range) => new(range.From, range.To);
}

/// <summary>Clients in figures.</summary>
/// <param name="Total">As it is now, whatever the range; so are those by status.</param>
/// <param name="Active">Those of status active.</param>
/// <param name="ByStatus">Statuses that somebody has.</param>
/// <param name="NewInRange">Whose treatment began within the range.</param>
public sealed record ClientStatisticsResponse(int Total, int Active, int NewInRange, IReadOnlyList<ClientStatusResponse> ByStatus);

/// <summary>How many clients have a status.</summary>
/// <param name="Status">The status.</param>
/// <param name="Count">How many have it.</param>
public sealed record ClientStatusResponse(string Status, int Count);

/// <summary>Sessions in figures.</summary>
/// <param name="Planned">Still to come, or nobody has said what became of them.</param>
/// <param name="Held">Took place.</param>
/// <param name="Cancelled">Did not.</param>
public sealed record SessionStatisticsResponse(int Total, int Planned, int Held, int Cancelled);

/// <summary>Of the whole practice, as it is now.</summary>
/// <param name="Active">Who treat.</param>
/// <param name="Inactive">Who do not any more.</param>
public sealed record PractitionerStatisticsResponse(int Active, int Inactive);

/// <summary>Held sessions at the fees as they are now.</summary>
/// <param name="Currency">ISO 4217; null when the practice has none, and then nothing has a price.</param>
/// <param name="Unit">minor: whole minor units of the currency (pence, cents).</param>
/// <param name="BilledSessions">Held sessions that have a fee.</param>
/// <param name="AmountMinor">What they come to.</param>
/// <param name="ByPractitioner">By name; whoever held none is left out.</param>
/// <param name="UnpricedSessions">Held by practitioners without a fee, in a practice without one.</param>
public sealed record BillingResponse(
    string? Currency, string Unit, int BilledSessions, int UnpricedSessions, long AmountMinor, IReadOnlyList<PractitionerBillingResponse> ByPractitioner);

/// <summary>The held sessions of one practitioner.</summary>
/// <param name="Sessions">How many.</param>
/// <param name="FeeMinor">Of one of them, in minor units; null when there is none.</param>
/// <param name="AmountMinor">What they come to.</param>
public sealed record PractitionerBillingResponse(Guid PractitionerId, string? Name, int Sessions, int? FeeMinor, long AmountMinor);

/// <summary>Sessions over the range.</summary>
/// <param name="Interval">day, or week beginning on Monday.</param>
/// <param name="Items">Without those that have no session.</param>
public sealed record AppointmentsResponse(string Interval, IReadOnlyList<AppointmentCountResponse> Items);

/// <summary>The sessions of a day or a week.</summary>
/// <param name="Planned">Still to come, or nobody has said what became of them.</param>
/// <param name="Held">Took place.</param>
/// <param name="Cancelled">Did not.</param>
/// <param name="From">The day, or the Monday of the week; also when that lies before the range.</param>
public sealed record AppointmentCountResponse(DateOnly From, int Total, int Planned, int Held, int Cancelled);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(StatisticsResponse))]
internal sealed partial class StatisticsJsonContext : JsonSerializerContext;
