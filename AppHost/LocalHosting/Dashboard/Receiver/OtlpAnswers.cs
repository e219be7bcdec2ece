using System.Text;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard.Receiver;

/// <summary>What an exporter hears: all taken, some of it not, or a google.rpc.Status with the reason.</summary>
internal static class OtlpAnswers
{
    private const string Protobuf = "application/x-protobuf";

    // ExportTraceServiceResponse: {1 = partial success {1 = rejected, 2 = error message}}, and the same for logs and metrics.
    public static IResult Taken(int rejected, string? why) =>
        Results.Bytes(rejected == 0 ? [] : Field(1, [0x08, .. Varint((uint)rejected), .. Field(2, Encoding.UTF8.GetBytes(why ?? ""))]), Protobuf);

    public static IResult Refused(int status, string message) => new Refusal(status, [0x08, (byte)Code(status), .. Field(2, Encoding.UTF8.GetBytes(message))]);

    private static int Code(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => 16,
        StatusCodes.Status413PayloadTooLarge => 8,
        _ => 3,
    };

    private static byte[] Field(int number, byte[] content) => [(byte)((number << 3) | 2), .. Varint((uint)content.Length), .. content];

    private static byte[] Varint(uint value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];

    private sealed class Refusal(int status, byte[] body) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = Protobuf;
            return httpContext.Response.Body.WriteAsync(body).AsTask();
        }
    }
}
