namespace AiPlatform.Services.Api.Tests;

/// <summary>A body whose length nobody can tell beforehand.</summary>
internal sealed class UnseekableStream(byte[] data) : MemoryStream(data)
{
    public override bool CanSeek => false;
}
