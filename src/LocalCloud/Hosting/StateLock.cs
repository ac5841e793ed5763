using System.Text;

namespace SyncStorage.LocalCloud.Hosting;

/// <summary>Holds a state directory for one LocalCloud. The system frees it when the process ends, however it ends.</summary>
internal sealed class StateLock : IDisposable
{
    private readonly FileStream stream;

    private StateLock(FileStream stream) => this.stream = stream;

    /// <exception cref="StartException">Another process holds it.</exception>
    public static StateLock Take(string stateDirectory)
    {
        var path = Path.Combine(stateDirectory, "lock");
        try
        {
            var options = PrivateFile.Options(FileMode.OpenOrCreate, FileShare.None);
            var stream = new FileStream(path, options);
            stream.SetLength(0);
            stream.Write(Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
            stream.Flush();
            return new StateLock(stream);
        }
        catch (IOException exception)
        {
            var holder = EndpointFile.Read(stateDirectory) is { } endpoint ? $" (pid {endpoint.Pid}, {endpoint.Endpoint})" : "";
            throw new StartException($"Another LocalCloud{holder} holds the state directory {stateDirectory}: {exception.Message}", exception);
        }
    }

    public void Dispose() => stream.Dispose();
}

/// <summary>LocalCloud can't start; the message is for whoever started it.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
