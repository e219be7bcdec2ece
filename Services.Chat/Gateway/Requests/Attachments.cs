using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.Requests;

/// <summary>What callers attach to a message, on either of OpenAI's wires.</summary>
internal static class Attachments
{
    /// <param name="detail">low, high, auto, or nothing.</param>
    public static AIContent Image(string? url, string? detail, string param)
    {
        var content = Address(url, "image/*", param);

        if (detail is not null)
        {
            content.AdditionalProperties = new() { ["detail"] = detail };
        }

        return content;
    }

    /// <summary>A file by its bytes ("data:application/pdf;base64,..."), by an address, or by an id the provider knows.</summary>
    public static AIContent File(JsonElement file, string param)
    {
        if (file.Text("file_id") is { Length: > 0 } id)
        {
            return new HostedFileContent(id);
        }

        var name = file.Text("filename");
        var content = Address(file.Text("file_data") ?? file.Text("file_url"), TypeOf(name ?? file.Text("file_url")), param);

        if (content is DataContent data)
        {
            data.Name = name;
        }

        return content;
    }

    // {"data":"UklGR...","format":"wav"}
    public static AIContent Audio(JsonElement audio, string param) => (audio.Text("data"), audio.Text("format")) switch
    {
        ({ } data, "wav" or "mp3") => Data($"data:audio/{(audio.Text("format") == "mp3" ? "mpeg" : "wav")};base64,{data}", param),
        _ => throw InvalidRequest.Value(param, "Audio has data in base64 and a format of wav or mp3."),
    };

    // Only what lies on the web or came with the request: an address of ours, such as file:, would be read with our rights.
    private static AIContent Address(string? text, string mediaType, string param) =>
        text is null || !Uri.TryCreate(text.AsSpan(0, Math.Min(text.Length, 16)).ToString(), UriKind.Absolute, out var start) ? throw NoAddress(param)
        : start.Scheme == "data" ? Data(text, param)
        : start.Scheme is "http" or "https" && Uri.TryCreate(text, UriKind.Absolute, out var address) ? new UriContent(address, mediaType)
        : throw NoAddress(param);

    private static DataContent Data(string uri, string param)
    {
        try
        {
            var content = new DataContent(uri);
            _ = content.Data;
            return content;
        }
        catch (Exception exception) when (exception is ArgumentException or UriFormatException or FormatException)
        {
            throw InvalidRequest.Value(param, "The data is no valid data: URL.");
        }
    }

    private static string TypeOf(string? name) => Path.GetExtension(name)?.ToUpperInvariant() switch
    {
        ".TXT" or ".MD" => "text/plain",
        ".CSV" => "text/csv",
        _ => "application/pdf",
    };

    private static DomainException NoAddress(string param) => InvalidRequest.Value(param, "An attachment has an http, https or data address.");
}
