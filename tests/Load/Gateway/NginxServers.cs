using AiPlatform.Tests.Common;

namespace AiPlatform.Load.Gateway;

/// <summary>nginx twice: as the model server that answers at once, and as the proxy that gateways are measured against.</summary>
internal static class NginxServers
{
    private const string Program = "/usr/sbin/nginx";

    // Replies hold no $ and no ', which nginx would read.
    public static Task<OutsideProgram> StartModelAsync(CancellationToken cancellationToken) => StartAsync(
        "nginx-model",
        port => $$"""
            server {
              listen 127.0.0.1:{{port}} reuseport;
              location / { default_type application/json; return 200 '{{ModelStandIn.SmallReply}}'; }
            }
            """,
        cancellationToken);

    public static Task<OutsideProgram> StartProxyAsync(int model, int standIn, CancellationToken cancellationToken) => StartAsync(
        "nginx-proxy",
        port => $$"""
            upstream fast { server 127.0.0.1:{{model}}; keepalive 600; keepalive_requests 1000000000; }
            upstream paced { server 127.0.0.1:{{standIn}}; keepalive 600; keepalive_requests 1000000000; }
            server {
              listen 127.0.0.1:{{port}} reuseport;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              location /v1/ { proxy_pass http://fast; }
              location /paced/ { proxy_buffering off; proxy_pass http://paced/; }
            }
            """,
        cancellationToken);

    private static Task<OutsideProgram> StartAsync(string name, Func<int, string> servers, CancellationToken cancellationToken)
    {
        if (!File.Exists(Program))
        {
            throw new InvalidOperationException("nginx is not installed. Debian and Ubuntu: sudo apt-get install -y --no-install-recommends nginx-light.");
        }

        return OutsideProgram.StartAsync(
            name,
            Program,
            (folder, port) =>
            {
                File.WriteAllText(Path.Combine(folder, "nginx.conf"), $$"""
                    daemon off;
                    worker_processes 2;
                    pid {{folder}}/nginx.pid;
                    error_log {{folder}}/error.log;
                    events { worker_connections 4096; }
                    http {
                      access_log off;
                      keepalive_requests 1000000000;
                      client_body_temp_path {{folder}}/body; proxy_temp_path {{folder}}/proxy;
                      fastcgi_temp_path {{folder}}/fastcgi; uwsgi_temp_path {{folder}}/uwsgi; scgi_temp_path {{folder}}/scgi;
                      {{servers(port)}}
                    }
                    """);
                return ["-p", folder, "-c", Path.Combine(folder, "nginx.conf"), "-e", Path.Combine(folder, "error.log")];
            },
            cancellationToken);
    }
}
