using AiPlatform.ServiceDefaults.Data;

namespace AiPlatform.ServiceDefaults.Tests.Data;

public sealed class SqlActivityTests
{
    [Theory]
    [InlineData("select id from clients where name = 'from secrets'", "select", "clients")]
    [InlineData("SELECT c.id\nFROM `clients` c join notes n on n.id = c.id", "select", "clients")]
    [InlineData("insert into audit_rows (id) values (1)", "insert", "audit_rows")]
    [InlineData("insert ignore into note (id) values (1)", "insert", "note")]
    [InlineData("update clients set name = @name", "update", "clients")]
    [InlineData("delete from clients where id = @id", "delete", "clients")]
    [InlineData("create table if not exists schema_version (version int)", "create", "schema_version")]
    [InlineData("select 1", "select", null)]
    [InlineData("do release_lock(@name)", "do", null)]
    [InlineData("  \n-- find clients from the practice\nselect id from clients", "select", "clients")]
    [InlineData("with recursive tree as (select id from threads) select id from tree", "with", "threads")]
    [InlineData("", "statement", null)]
    public void Name_OfAStatement_IsOperationAndFirstTable(string sql, string operation, string? table) =>
        Assert.Equal(new StatementName(operation, table, table is null ? operation : $"{operation} {table}"), SqlActivity.NameOf(sql));
}
