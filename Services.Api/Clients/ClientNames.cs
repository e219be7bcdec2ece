namespace AiPlatform.Services.Api.Clients;

/// <summary>The names of clients in other features' statements: their rows and the names of whom they are about take one statement.</summary>
internal static class ClientNames
{
    /// <summary>Gives a statement that has <c>@practiceId</c> the column <c>client.name</c>, null when there is no such client.</summary>
    /// <param name="clientColumn">With its table: <c>s.client_id</c>.</param>
    public static string Join(string clientColumn) => $"left join clients client on client.id = {clientColumn} and client.practice_id = @practiceId";
}
