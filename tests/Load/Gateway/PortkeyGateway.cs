using System.Diagnostics;
using System.Globalization;
using AiPlatform.Tests.Common;

namespace AiPlatform.Load.Gateway;

/// <summary>Portkey's open gateway from npm, in a folder that is kept.</summary>
internal static class PortkeyGateway
{
    public const string Package = "@portkey-ai/gateway@1.15.2";

    public static async Task<OutsideProgram> StartAsync(string folder, CancellationToken cancellationToken)
    {
        var script = Path.Combine(folder, "node_modules/@portkey-ai/gateway/build/start-server.js");

        if (!File.Exists(script))
        {
            Directory.CreateDirectory(folder);
            using var npm = Process.Start("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts", Package]);
            await npm.WaitForExitAsync(cancellationToken);
        }

        return File.Exists(script)
            ? await OutsideProgram.StartAsync(
                "portkey", "/usr/bin/env", (_, port) => ["NODE_ENV=production", "node", script, string.Create(CultureInfo.InvariantCulture, $"--port={port}"), "--headless"], cancellationToken)
            : throw new InvalidOperationException($"{Package} could not be installed from npm.");
    }

    public static GatewayTarget Target(OutsideProgram portkey, int model) => new(
        "Portkey", portkey.Port, "/v1/chat/completions", portkey.ProcessId,
        ("Authorization", "Bearer key"), ("x-portkey-provider", "openai"), ("x-portkey-custom-host", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{model}/v1")));
}
