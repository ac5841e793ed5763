using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using SyncStorage.DatabaseNode.Engine;
using SyncStorage.DatabaseNode.Serving;
using SyncStorage.DatabaseNode.Settings;

namespace SyncStorage.DatabaseNode.Admin;

/// <summary>The commands of a dbnode's instance: each is a word that its service understands.</summary>
internal static class AdminProgram
{
    public static AdminCommands Commands { get; } = new("dbnode",
    [
        Make("status", "what this dbnode is doing, and how far its backups are"),
        Make("ship", "brings what is committed to the bucket now"),
        Make("snapshot", "makes a snapshot of the volume now"),
        Make("set-master", "gives the master account the password that is stored"),
        Make("begin", "what was restored is in service: its backups begin"),
        new AdminCommand("version", "the release of this installation, and of the server that it finds; touches nothing", [], (context, _) => VersionAsync(context)),
    ]);

    private static async Task<JsonObject> VersionAsync(AdminContext context)
    {
        using var server = Process.Start(new ProcessStartInfo(MariaDbPrograms.Find().Server, ["--no-defaults", "--version"]) { RedirectStandardOutput = true })!;
        var text = (await server.StandardOutput.ReadToEndAsync(context.CancellationToken)).Trim();
        await server.WaitForExitAsync(context.CancellationToken);
        return new JsonObject { ["ok"] = server.ExitCode == 0, ["release"] = context.Installation.Release, ["version"] = context.Installation.Version, ["server"] = text };
    }

    private static AdminCommand Make(string name, string help) => new(name, help, [], (context, _) => SendAsync(name, context));

    private static async Task<JsonObject> SendAsync(string command, AdminContext context)
    {
        var settings = NodeSettings.Load(context.Installation, Environment.GetEnvironmentVariable);
        try
        {
            return await ControlSocket.SendAsync(settings.RunDirectory, command, context.CancellationToken);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return new JsonObject { ["ok"] = false, ["error"] = $"the dbnode's service does not answer: it is still waiting for its volume, or it has ended ({exception.Message})" };
        }
    }
}
