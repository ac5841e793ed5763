using SyncStorage.LocalCloud.Services.Ec2.Machines.Control;
using SyncStorage.LocalCloud.Services.Ec2.Storage;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines;

/// <summary>What commands inside an instance ask for.</summary>
internal sealed partial class InstanceRuntime
{
    private async Task<ControlReply> AnswerAsync(ControlRequest request)
    {
        var machine = machines.Values.FirstOrDefault(machine => machine.Paths.Root == request.Root);
        if (machine is null) return ControlReply.Failed($"{request.Command}: '{request.Root}' is not the root directory of a running instance.");
        var id = machine.Paths.InstanceId;
        var owner = services!.Owner;
        switch (request.Command)
        {
            case "systemctl":
                return await new SystemctlCommand(machine.Units, () => owner.PoweredOff(id), () => owner.RebootRequested(id)).RunAsync(request.Arguments, machine.Stopping);
            case "poweroff" or "halt":
                owner.PoweredOff(id);
                return ControlReply.Done;
            case "reboot":
                owner.RebootRequested(id);
                return ControlReply.Done;
            case "shutdown":
                if (request.Arguments.Contains("-c")) return ControlReply.Done;
                if (request.Arguments.Contains("-r") || request.Arguments.Contains("--reboot")) owner.RebootRequested(id);
                else owner.PoweredOff(id);
                return ControlReply.Done;
            case "cloud-init":
                return CloudInit(machine, request.Arguments);
            case "hostnamectl":
                return Hostname(machine, request.Arguments);
            case var command when DiskCommands.Names.Contains(command):
                return new DiskCommands(machine.Paths, new VolumeDisks(context.StateDirectory)).Run(command, request.Arguments);
            default:
                return ControlReply.Failed($"LocalCloud has no command '{request.Command}'.", 127);
        }
    }

    private static ControlReply CloudInit(Machine machine, IReadOnlyList<string> arguments)
    {
        switch (arguments.FirstOrDefault(argument => !argument.StartsWith('-')))
        {
            case "clean":
                UserDataScript.Clean(machine.Paths);
                if (arguments.Contains("--machine-id")) File.WriteAllText(machine.Paths.Below("/etc/machine-id"), "uninitialized\n");
                return ControlReply.Done;
            case "status":
                return new ControlReply(0, machine.IsBooted ? "status: done\n" : "status: running\n");
            default:
                return ControlReply.Failed("cloud-init: only clean and status are known here.", 2);
        }
    }

    private static ControlReply Hostname(Machine machine, IReadOnlyList<string> arguments)
    {
        var file = machine.Paths.Below("/etc/hostname");
        switch (arguments)
        {
            case ["set-hostname" or "hostname", var name]:
                File.WriteAllText(file, name + "\n");
                return ControlReply.Done;
            case [] or ["status" or "hostname" or "--static"]:
                return new ControlReply(0, File.Exists(file) ? File.ReadAllText(file) : "localhost\n");
            default:
                return ControlReply.Failed("hostnamectl: only status and set-hostname are known here.");
        }
    }
}
