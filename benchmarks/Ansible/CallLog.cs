using System.Text.Json.Nodes;

namespace SyncStorage.Ansible;

/// <summary>The calls that LocalCloud was sent, by its own recording. Who sent one is in its user agent: the fleet's own calls are nobody's.</summary>
/// <param name="recording">The file that LocalCloud records to.</param>
internal sealed class CallLog(string recording)
{
    /// <summary>What the user agent of this project's calls has.</summary>
    public const string Pipeline = "app/syncstorage-deploy";

    /// <summary>What that of Ansible's modules has.</summary>
    public const string Ansible = "Boto3/";

    private static readonly TimeSpan UntilWritten = TimeSpan.FromSeconds(1);

    private int seen;

    /// <summary>Counts calls since the last time, or since the start.</summary>
    /// <param name="client">Whose: a part of the user agent.</param>
    /// <returns>How many calls each service was sent.</returns>
    public async Task<IReadOnlyDictionary<string, int>> SinceLastAsync(string client)
    {
        // The recording has a call a moment after its client has the answer.
        await Task.Delay(UntilWritten, TimeProvider.System);
        var lines = await ReadAsync();
        var fresh = lines[seen..];
        seen = lines.Count;
        return fresh.Select(line => JsonNode.Parse(line)!).Where(call => UserAgent(call).Contains(client, StringComparison.Ordinal))
            .CountBy(call => (string)call["scope"]!).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary();
    }

    private static string UserAgent(JsonNode call) =>
        call["requestHeaders"]!.AsObject().FirstOrDefault(header => header.Key.Equals("User-Agent", StringComparison.OrdinalIgnoreCase)).Value?.ToString() ?? "";

    private async Task<List<string>> ReadAsync()
    {
        await using var stream = new FileStream(recording, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var text = await reader.ReadToEndAsync();

        // What has no end of line yet is still being written.
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
