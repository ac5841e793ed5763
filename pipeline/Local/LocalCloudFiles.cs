using System.Net.Http;
using System.Net.Http.Json;
using System.Text.Json;

namespace SyncStorage.Pipeline.Local;

/// <summary>What a running LocalCloud says of itself: its <c>endpoint.json</c>, and its health.</summary>
internal static class LocalCloudFiles
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static string Log(string stateDirectory) => Path.Combine(stateDirectory, "localcloud.log");

    /// <summary>What it prints outside its log: why it could not start, or crashed.</summary>
    public static string Output(string stateDirectory) => Path.Combine(stateDirectory, "localcloud.out");

    public static string Credentials(string stateDirectory) => Path.Combine(stateDirectory, "credentials");

    /// <summary>The endpoint that the state directory's LocalCloud has written, whether it still runs or not.</summary>
    public static EndpointFile? ReadEndpoint(string stateDirectory)
    {
        var file = Path.Combine(stateDirectory, "endpoint.json");
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<EndpointFile>(File.ReadAllBytes(file), Json) : null;
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException)
        {
            // Half written, or removed meanwhile: not ready.
            return null;
        }
    }

    /// <summary>Asks for its health; null if nothing answers in time, or something that is not LocalCloud.</summary>
    public static async Task<HealthAnswer?> AskHealthAsync(HttpClient http, Uri endpoint, CancellationToken cancellationToken)
    {
        try
        {
            return await http.GetFromJsonAsync<HealthAnswer>(new Uri(endpoint, "/_localcloud/health"), Json, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or NotSupportedException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The last lines that it printed, else of its log.</summary>
    public static string LastWords(string stateDirectory, int lines) =>
        Tail(Output(stateDirectory), lines) is { Length: > 0 } printed ? printed
        : Tail(Log(stateDirectory), lines) is { Length: > 0 } logged ? logged
        : "nothing in its log";

    private static string Tail(string file, int lines)
    {
        if (!File.Exists(file))
            return "";
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return string.Join('\n', reader.ReadToEnd().TrimEnd().Split('\n').TakeLast(lines));
    }
}

/// <summary><c>endpoint.json</c>.</summary>
internal sealed record EndpointFile(Uri Endpoint, int Pid, long StartTicks, string Version, string Region, string AccountId, string? NameServer = null);

/// <summary>The answer of <c>/_localcloud/health</c>.</summary>
internal sealed record HealthAnswer(string? Status, int Pid, string? StateDirectory, string? Version);
