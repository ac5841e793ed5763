using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Console;
using SyncStorage.DatabaseNode.Admin;
using SyncStorage.DatabaseNode.Backups;
using SyncStorage.DatabaseNode.Engine;
using SyncStorage.DatabaseNode.Serving;
using SyncStorage.DatabaseNode.Settings;
using SyncStorage.ServiceHost.Observability;

const string usage = """
    dbnode mount              mounts the data volume; as root, before the service
    dbnode serve              runs the database and makes its backups, until SIGTERM
    dbnode admin <command>    a command of this instance; dbnode admin --help lists them
    """;

var installation = Installation.Find("dbnode", AppContext.BaseDirectory);
using var stopping = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    switch (args)
    {
        case ["mount"]:
            await new VolumeMount(Settings(), TimeProvider.System, VolumeMount.RunAsync).MountAsync(stopping.Token);
            return 0;

        case ["serve"]:
            return await ServeAsync(Settings());

        case ["admin", .. var command]:
            return await AdminProgram.Commands.RunAsync(command, installation, Console.Out, TimeProvider.System);

        case ["--help" or "-h"]:
            Console.WriteLine(usage);
            return 0;

        default:
            await Console.Error.WriteLineAsync(usage);
            return 2;
    }
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    return 0;
}
catch (Exception exception) when (exception is SettingsException or DatabaseException or IOException or SocketException or UnauthorizedAccessException)
{
    // One line that says so, instead of a stack.
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}

NodeSettings Settings() => NodeSettings.Load(installation, Environment.GetEnvironmentVariable);

async Task<int> ServeAsync(NodeSettings settings)
{
    using var logs = LoggerFactory.Create(logging =>
    {
        logging.AddConsole(console => console.FormatterName = JsonLines.FormatterName);
        logging.Services.AddSingleton(TimeProvider.System);
        logging.Services.AddSingleton<ConsoleFormatter, JsonLines>();
    });
    using var cloud = new AwsCloud(settings);
    await using var node = new NodeService(settings, installation.Release, MariaDbPrograms.Find(), cloud, TimeProvider.System, logs.CreateLogger("DatabaseNode"));
    return await node.RunAsync(stopping.Token);
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stopping.Cancel();
}
