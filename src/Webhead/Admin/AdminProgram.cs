using SyncStorage.Webhead.Settings;

namespace SyncStorage.Webhead.Admin;

/// <summary>The commands of a webhead's instance.</summary>
internal static class AdminProgram
{
    public static AdminCommands Commands { get; } = new("webhead",
    [
        VersionCommand.Make(Compatibility.Current.Schema, Compatibility.Current.Configuration), CheckCommand.Command, InitDbCommand.Command,
        ServiceCommands.Smoke, ReloadCommand.Command, SmokeLocateCommand.Command, ServiceCommands.Exchange, UsageCommand.Command, RetireAccountCommand.Command,
    ]);
}
