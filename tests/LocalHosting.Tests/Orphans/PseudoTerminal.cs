using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AiPlatform.LocalHosting.Tests.Orphans;

/// <summary>A terminal of Linux without a screen: what is typed reaches the process group in front, and closing it hangs up on its session.</summary>
internal sealed partial class PseudoTerminal : IDisposable
{
    // O_RDWR, O_NOCTTY, O_NONBLOCK, and O_CLOEXEC: a child that inherited this end would keep the terminal open.
    private const int Flags = 0x2 | 0x100 | 0x800 | 0x80000;
    private const byte ControlC = 3;
    private readonly FileStream _master;
    private readonly Thread _reader;
    private volatile bool _isClosing;

    private PseudoTerminal(FileStream master, string path)
    {
        _master = master;
        Path = path;
        _reader = new(Read) { IsBackground = true, Name = "terminal" };
        _reader.Start();
    }

    /// <summary>The end of the process in it, such as /dev/pts/3.</summary>
    public string Path { get; }

    public static PseudoTerminal Open()
    {
        var master = Check(OpenMaster(Flags));
        Check(Grant(master));
        Check(Unlock(master));
        return new(new(new SafeFileHandle(master, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0), Marshal.PtrToStringAnsi(Name(master))!);
    }

    public void TypeControlC() => _master.WriteByte(ControlC);

    /// <summary>As when the window is closed or the connection lost.</summary>
    public void Close()
    {
        // A handle that somebody reads from is closed only afterwards.
        _isClosing = true;
        _reader.Join();
        _master.Dispose();
    }

    public void Dispose() => Close();

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception();

    // What nobody reads would block whoever prints in the end.
    private void Read()
    {
        var buffer = new byte[4096];
        while (!_isClosing)
        {
            try
            {
                _ = _master.Read(buffer);
            }
            catch (IOException)
            {
                // Nothing is printed at the moment, or nobody is in the terminal.
                Thread.Sleep(10);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial int OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static partial int Grant(int master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static partial int Unlock(int master);

    [LibraryImport("libc", EntryPoint = "ptsname", SetLastError = true)]
    private static partial IntPtr Name(int master);
}
