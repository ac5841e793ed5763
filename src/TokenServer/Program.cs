using SyncStorage.TokenServer.Admin;
using SyncStorage.TokenServer.Configuration;
using SyncStorage.TokenServer.Serving;

const string usage = """
    tokenserver serve              gives tokens for the cluster's nodes, until SIGTERM
    tokenserver admin <command>    a command of this instance; tokenserver admin --help lists them
    """;

var installation = Installation.Find("tokenserver", AppContext.BaseDirectory);
switch (args)
{
    case ["serve"]:
        try
        {
            var settings = InstanceSettings.Load(installation, Environment.GetEnvironmentVariable);
            await using var app = TokenServerHost.Make(settings, installation, _ => new TokenDocuments(settings, TimeProvider.System), TimeProvider.System);
            await app.RunAsync();
            return 0;
        }
        catch (Exception exception) when (exception is SettingsException or IOException)
        {
            // Wrong settings, or the address is taken: one line that says so, instead of a stack.
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }

    case ["admin", .. var command]:
        return await AdminProgram.Commands.RunAsync(command, installation, Console.Out, TimeProvider.System);

    case ["--help" or "-h"]:
        Console.WriteLine(usage);
        return 0;

    default:
        await Console.Error.WriteLineAsync(usage);
        return 2;
}
