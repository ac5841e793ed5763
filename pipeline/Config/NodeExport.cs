using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Config;

/// <summary>
/// Export-Nodes: what a token server outside the cluster needs, the virtual hostnames and their secrets, as files and as parameters. The
/// formats are in docs/contracts.md.
/// </summary>
public sealed class NodeExport(EnvironmentSettings settings, ClusterNames names, RunOptions options, SecretStore secrets, IClients clients, IProgress progress)
{
    private const int StandardBytes = 4096;
    private const int AdvancedBytes = 8192;
    private const int NamesPerCall = 10;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>Writes the files, and the parameters that differ. Makes secrets that there are none of yet.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.InvalidSettings"/>: a dbnode has more virtual hostnames than a parameter holds.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var lines = new Dictionary<string, Secret>(StringComparer.Ordinal);
        foreach (var node in settings.Dbnodes) lines[node.Name] = await LinesAsync(node, cancellationToken);
        foreach (var (node, text) in lines) RequireToFit(node, text);

        await PutAsync(lines, cancellationToken);
        await WriteAsync(lines.Values, cancellationToken);
    }

    private async Task<Secret> LinesAsync(DatabaseNodeSettings node, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        foreach (var host in node.Hosts)
            text.Append(NodeOf(host)).Append(',').Append((await secrets.HostSecretsAsync(host.Hostname, cancellationToken)).Reveal()).Append('\n');
        return new Secret(text.ToString());
    }

    private static void RequireToFit(string node, Secret text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text.Reveal());
        if (bytes <= AdvancedBytes) return;
        throw new PipelineException(
            ErrorCode.InvalidSettings, $"The secrets of dbnode {node}'s virtual hostnames are {bytes} bytes; a parameter holds {AdvancedBytes}.",
            hint: "Give the dbnode fewer virtual hostnames.");
    }

    private async Task PutAsync(Dictionary<string, Secret> lines, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var chunk in lines.Keys.Select(names.ExportParameter).Chunk(NamesPerCall))
        {
            var answer = await clients.Ssm.GetParametersAsync(new GetParametersRequest { Names = [.. chunk], WithDecryption = true }, cancellationToken);
            foreach (var parameter in answer.Parameters ?? []) known[parameter.Name] = parameter.Value;
        }

        foreach (var (node, text) in lines)
        {
            var name = names.ExportParameter(node);
            var current = known.GetValueOrDefault(name);
            if (current == text.Reveal())
            {
                progress.Found($"parameter {name} is current");
                continue;
            }

            await clients.Ssm.PutParameterAsync(Request(name, text, isNew: current is null), cancellationToken);
            progress.Changed($"parameter {name} {(current is null ? "made" : "renewed")}");
        }
    }

    // AWS takes tags of a parameter that is new, and of no other.
    private PutParameterRequest Request(string name, Secret text, bool isNew) => new()
    {
        Name = name,
        Value = text.Reveal(),
        Type = ParameterType.SecureString,
        Tier = Encoding.UTF8.GetByteCount(text.Reveal()) > StandardBytes ? ParameterTier.Advanced : null,
        Overwrite = !isNew,
        Tags = isNew ? ResourceTags.Of(names.Cluster, "secret").ToSsm() : null,
    };

    private async Task WriteAsync(IEnumerable<Secret> lines, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(options.ArtifactsDirectory, "token-server");
        Directory.CreateDirectory(folder);
        var nodes = new JsonObject
        {
            ["cluster"] = names.Cluster,
            ["service"] = "sync-1.5",
            ["pattern"] = "{node}/1.5/{uid}",
            ["nodes"] = new JsonArray([.. settings.Dbnodes.SelectMany(node => node.Hosts.Select(host => new JsonObject { ["node"] = NodeOf(host), ["dbnode"] = node.Name, ["assign"] = node.TakesUsers(host) }))]),
        };
        await WriteAsync(Path.Combine(folder, "nodes.json"), nodes.ToJsonString(Json) + "\n", cancellationToken);
        var file = Path.Combine(folder, "secrets.csv");
        await WriteAsync(file, string.Concat(lines.Select(text => text.Reveal())), cancellationToken);
        progress.Found($"{settings.Hosts.Count()} virtual hostnames for a token server: {folder}");
    }

    /// <summary>Writes a file that only its owner can read, whatever was there: beside its place, and then moved there.</summary>
    private static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        var temporary = path + ".tmp";
        File.Delete(temporary);
        var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!System.OperatingSystem.IsWindows()) create.UnixCreateMode = OwnerOnly;
        await using (var file = new FileStream(temporary, create)) await file.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        File.Move(temporary, path, overwrite: true);
    }

    private string NodeOf(VirtualHostSettings host) => settings.OriginOf(host.Hostname).ToString().TrimEnd('/');
}
