using System.Globalization;
using Cake.Core.Diagnostics;
using Spectre.Console;

namespace SyncStorage.Build.Hosting;

/// <summary>The engine's log on the one console. Its errors are left out once the failure is known: the program prints that in full.</summary>
internal sealed class ConsoleLog(IAnsiConsole console, Outcome outcome) : ICakeLog
{
    public Verbosity Verbosity { get; set; } = Verbosity.Normal;

    public void Write(Verbosity verbosity, LogLevel level, string format, params object[] args)
    {
        var repeatsTheFailure = level <= LogLevel.Error && outcome.Failure is not null;
        if (verbosity > Verbosity || repeatsTheFailure)
            return;

        var text = args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, args);
        console.WriteLine(text, level switch
        {
            LogLevel.Fatal or LogLevel.Error => new Style(Color.Red),
            LogLevel.Warning => new Style(Color.Yellow),
            LogLevel.Verbose or LogLevel.Debug => new Style(Color.Grey),
            _ => Style.Plain,
        });
    }
}
