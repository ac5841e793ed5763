using System.Text.Json;

namespace SyncStorage.LocalCloud.Core;

/// <summary>
/// The state of one service, kept in <c>&lt;state directory&gt;/state/&lt;name&gt;.json</c> (mode 0600) and replaced
/// atomically, so that a killed LocalCloud finds its last complete state again.
/// </summary>
internal sealed class StateFile<T>(string stateDirectory, string name)
    where T : class, new()
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly string path = Path.Combine(stateDirectory, "state", $"{name}.json");

    /// <exception cref="InvalidDataException">The file is damaged; the message says which, and what to do.</exception>
    public T Load()
    {
        if (!File.Exists(path)) return new T();
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), Options) ?? new T();
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(
                $"{path} is damaged ({exception.Message}). Put a copy of it back; without one, end what still runs and remove {stateDirectory}.", exception);
        }
    }

    /// <summary>Call it under the service's own lock, after each change.</summary>
    public void Save(T state)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = path + ".tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(temporary, options))
        {
            JsonSerializer.Serialize(stream, state, Options);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
