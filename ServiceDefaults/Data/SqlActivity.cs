using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using AiPlatform.ServiceDefaults.Telemetry;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>Client spans of SQL statements: <c>select clients</c>, by OpenTelemetry's database conventions.</summary>
internal static partial class SqlActivity
{
    // Statement texts are few, but lists in them (in (@a, @b)) make variants; past this many the name is worked out each time.
    private const int MaxNames = 1000;

    private static readonly ConcurrentDictionary<string, StatementName> Names = new();

    public static Activity? Start(string sql, string database)
    {
        var activity = TelemetrySources.Data.CreateActivity("sql", ActivityKind.Client);
        if (activity is null)
        {
            return null;
        }

        var name = NameOf(sql);
        activity.DisplayName = name.Summary;
        activity.SetTag("db.system.name", "mysql");
        activity.SetTag("db.namespace", database);
        activity.SetTag("db.operation.name", name.Operation);
        activity.SetTag("db.query.summary", name.Summary);
        if (name.Table is not null)
        {
            activity.SetTag("db.collection.name", name.Table);
        }

        return activity.Start();
    }

    internal static StatementName NameOf(string sql)
    {
        if (Names.TryGetValue(sql, out var known))
        {
            return known;
        }

        var statement = CommentPattern().Replace(sql, "");
        var operation = OperationPattern().Match(statement) is { Success: true } match ? match.Value.ToLowerInvariant() : "statement";
        var table = TablePattern().Match(statement) is { Success: true } found ? found.Groups["table"].Value.ToLowerInvariant() : null;
        var name = new StatementName(operation, table, table is null ? operation : $"{operation} {table}");
        if (Names.Count < MaxNames)
        {
            Names.TryAdd(sql, name);
        }

        return name;
    }

    [GeneratedRegex(@"--[^\n]*", RegexOptions.CultureInvariant)]
    private static partial Regex CommentPattern();

    [GeneratedRegex(@"[A-Za-z]+", RegexOptions.CultureInvariant)]
    private static partial Regex OperationPattern();

    // select c.id from clients c ..., insert into clients (...), update clients set ..., create table if not exists clients
    [GeneratedRegex(@"\b(?:from|into|update|table(?:\s+if\s+not\s+exists)?)\s+`?(?<table>[A-Za-z_][A-Za-z0-9_]*)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TablePattern();
}

internal sealed record StatementName(string Operation, string? Table, string Summary);
