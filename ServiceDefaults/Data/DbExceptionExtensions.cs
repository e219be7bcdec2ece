using System.Data.Common;

namespace AiPlatform.ServiceDefaults.Data;

public static class DbExceptionExtensions
{
    /// <summary>True when a statement was refused because a unique key has that value already.</summary>
    public static bool IsDuplicateKey(this DbException exception) => MySqlConnections.IsDuplicateKey(exception);
}
