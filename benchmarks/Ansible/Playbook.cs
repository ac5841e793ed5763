using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using SyncStorage.Resilience.Harness;

namespace SyncStorage.Ansible;

/// <summary>Ansible's side: the playbook beside this program, run as a user would.</summary>
/// <param name="cluster">Whose LocalCloud it works on.</param>
/// <param name="imageName">The image of the webheads.</param>
internal sealed partial class Playbook(Cluster cluster, string imageName)
{
    /// <summary>What the names of all begin with that it makes.</summary>
    public const string Name = "ansible";

    /// <summary>What a person types to get Ansible with its AWS modules.</summary>
    public const string Install = "sudo apt-get install -y --no-install-recommends ansible python3-boto3";

    // The distribution's own Python, which its Ansible runs on.
    private const string Python = "/usr/bin/python3";

    private readonly string password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>The load balancer's port.</summary>
    public int Port { get; } = Cluster.FreePort();

    /// <summary>Finds Ansible, or installs it where nobody works at the machine.</summary>
    /// <returns>Whether it is there.</returns>
    public static async Task<bool> IsReadyAsync()
    {
        if (await IsInstalledAsync()) return true;
        if (Environment.GetEnvironmentVariable("CI") is not ("true" or "1") || !Environment.IsPrivilegedProcess) return false;
        await TryAsync("apt-get", "update", "-q");
        await TryAsync("apt-get", "install", "-y", "-q", "--no-install-recommends", "ansible", "python3-boto3");
        return await IsInstalledAsync();
    }

    /// <summary>Runs it.</summary>
    /// <returns>How long it took, and how many of its tasks changed something.</returns>
    /// <exception cref="HarnessException">A task failed.</exception>
    public async Task<(double Seconds, int Changed)> RunAsync()
    {
        var (endpoint, region, credentials) = cluster.Connection();
        var keys = await credentials.GetCredentialsAsync();
        var start = new ProcessStartInfo("ansible-playbook", ["playbook.yml", "--extra-vars", Variables()])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal) || name.StartsWith("ANSIBLE_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["AWS_URL"] = endpoint,
            ["AWS_REGION"] = region,
            ["AWS_ACCESS_KEY_ID"] = keys.AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = keys.SecretKey,
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["DATABASE_PASSWORD"] = password,
            ["LC_ALL"] = "C.UTF-8",
        }) start.Environment[name] = value;

        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = await cluster.OutputAsync(process);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (process.ExitCode != 0 || Recap().Match(output) is not { Success: true } recap) throw new HarnessException($"ansible-playbook ended with {process.ExitCode}:\n{output}");
        return (seconds, int.Parse(recap.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    private string Variables() => new System.Text.Json.Nodes.JsonObject
    {
        ["cluster"] = Name,
        ["lb_port"] = Port,
        ["image_name"] = imageName,
    }.ToJsonString();

    private static async Task<bool> IsInstalledAsync() => await TryAsync("ansible-playbook", "--version") && await TryAsync(Python, "-c", "import boto3");

    private static async Task<bool> TryAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync(), process.WaitForExitAsync());
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
            return false;
        }
    }

    [GeneratedRegex(@"localhost\s*:.*\bchanged=(\d+)\s+unreachable=0\s+failed=0")]
    private static partial Regex Recap();
}
