namespace SyncStorage.TokenServer.Admin;

/// <summary>The commands of a token server's instance.</summary>
internal static class AdminProgram
{
    public static AdminCommands Commands { get; } = new("tokenserver",
    [
        VersionCommand.Make(Compatibility.Current.Schema, Compatibility.Current.Configuration), CheckCommand.Command, ReloadCommand.Command,
        InitDbCommand.Command, SmokeCommand.Command, NodesCommand.Command, SetNodeCommand.Command, UnassignCommand.Command, RemoveNodeCommand.Command,
        RetireCommand.Command, RetireAccountCommand.Command, PurgeCommand.Command,
    ]);
}
