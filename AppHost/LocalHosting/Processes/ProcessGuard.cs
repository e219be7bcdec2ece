using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Processes;

/// <summary>
/// A small shell that outlives the host by a moment: it holds the reading end of a pipe from it, and when that ends, however the
/// host died, it kills every process group still recorded and removes the run's folder.
/// </summary>
internal sealed class ProcessGuard(DataFolders folders) : IDisposable
{
    // Children add "+pid" themselves before they become their program, so that none is ever unrecorded; the host adds "-pid" at a
    // regular end, so that a number the system has given to somebody else is not killed. The second sweep catches a child that was
    // just being born when the host died; the folder has moved before it, so that one born later cannot record itself and gives up.
    private const string Script =
        """
        trap '' HUP INT TERM
        exec >/dev/null 2>&1
        while read -r _; do :; done
        folder=$1
        for sweep in 1 2; do
          [ -e "$folder/pids" ] || exit 0
          alive=' '
          while read -r line; do
            case $line in
              +*) alive="$alive${line#+} " ;;
              -*) gone=" ${line#-} "; case $alive in *"$gone"*) alive="${alive%%"$gone"*} ${alive#*"$gone"}" ;; esac ;;
            esac
          done < "$folder/pids"
          for pid in $alive; do kill -KILL "-$pid"; done
          if [ $sweep = 1 ]; then mv "$folder" "$folder.ended" && folder=$folder.ended; sleep 0.2; fi
        done
        rm -rf "$folder"
        """;

    // setsid is no program of macOS; perl is there and can do the same.
    private const string Perl = "use POSIX; setsid(); exec @ARGV or die;";
    private const string Register = """echo "+$$" >> "$1" || exit 1; shift; exec "$@" """;
    private readonly Lock _gate = new();
    private Process? _guard;

    private string Registry => Path.Combine(folders.RunFolder, "pids");

    /// <summary>The command that runs a program in a session of its own, recorded before it starts.</summary>
    public (string FileName, IEnumerable<string> Arguments) Wrap(string program, IEnumerable<string> arguments)
    {
        EnsureStarted();
        return InOwnSession(["/bin/sh", "-c", Register, "sh", Registry, program, .. arguments]);
    }

    public void Forget(int pid)
    {
        lock (_gate)
        {
            File.AppendAllText(Registry, string.Create(CultureInfo.InvariantCulture, $"-{pid}\n"));
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _guard?.StandardInput.Dispose();
            _guard?.Dispose();
            _guard = null;
        }
    }

    private static (string FileName, IEnumerable<string> Arguments) InOwnSession(string[] command) =>
        Programs.Find("setsid") is { } setsid ? (setsid, command) : ("perl", ["-e", Perl, .. command]);

    private void EnsureStarted()
    {
        lock (_gate)
        {
            if (_guard is not null)
            {
                return;
            }

            File.AppendAllText(Registry, "");
            var (fileName, arguments) = InOwnSession(["/bin/sh", "-c", Script, "guard", folders.RunFolder]);
            // The pipe's writing end closes on exec in every child, so only this process keeps it open.
            _guard = Process.Start(new ProcessStartInfo(fileName, arguments) { RedirectStandardInput = true, UseShellExecute = false })
                ?? throw new DistributedApplicationException("The guard process could not be started.");
        }
    }
}
