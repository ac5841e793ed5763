using System.Text.Json;

namespace SyncStorage.LocalCloud.Hosting;

/// <summary><c>endpoint.json</c>: where a running LocalCloud is, for whoever wants to use it.</summary>
internal sealed record EndpointFile(
    string Endpoint, int Pid, long StartTicks, string Version, string Region, string AccountId, string? NameServer = null)
{
    public const string FileName = "endpoint.json";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string PathIn(string stateDirectory) => Path.Combine(stateDirectory, FileName);

    /// <summary>What the file says, or null if there is none.</summary>
    public static EndpointFile? Read(string stateDirectory)
    {
        try
        {
            return JsonSerializer.Deserialize<EndpointFile>(File.ReadAllBytes(PathIn(stateDirectory)), Options);
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }

    public void Write(string stateDirectory) => PrivateFile.Write(PathIn(stateDirectory), JsonSerializer.SerializeToUtf8Bytes(this, Options));
}
