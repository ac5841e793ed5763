using SyncStorage.LocalCloud.Commands;
using SyncStorage.LocalCloud.Hosting;

if (args is ["--help" or "-h" or "help", ..] || args.Contains("--help"))
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}

if (args is ["--version"])
{
    Console.WriteLine(ProgramVersion.Current);
    return 0;
}

try
{
    var line = CommandLine.Parse(args);
    return line.Command == "run"
        ? await RunCommand.RunAsync(line.ToRunOptions())
        : await StopCommand.RunAsync(line.Values["--state"], line.Flags.Contains("--keep-processes"), TimeProvider.System);
}
catch (ArgumentException exception)
{
    Console.Error.WriteLine($"{exception.Message} See LocalCloud --help.");
    return 2;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("LocalCloud was told to end while it started.");
    return 1;
}
catch (Exception exception) when (exception is StartException or IOException or UnauthorizedAccessException or InvalidDataException or System.Text.Json.JsonException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
