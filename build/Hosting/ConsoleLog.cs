using System.Globalization;
using Cake.Core.Diagnostics;
using Spectre.Console;

namespace SyncStorage.Build.Hosting;

/// <summary>The engine's log on the one console. Its errors wait for the end: if the failure is known by then, the program prints that, in full.</summary>
internal sealed class ConsoleLog(IAnsiConsole console, Outcome outcome) : ICakeLog
{
    public Verbosity Verbosity { get; set; } = Verbosity.Normal;

    public void Write(Verbosity verbosity, LogLevel level, string format, params object[] args)
    {
        var text = args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, args);
        if (level <= LogLevel.Error)
            outcome.EngineErrors.Add(text);
        else if (verbosity <= Verbosity)
            console.WriteLine(text, StyleOf(level));
    }

    private static Style StyleOf(LogLevel level) => level switch
    {
        LogLevel.Warning => new Style(Color.Yellow),
        LogLevel.Verbose or LogLevel.Debug => new Style(Color.Grey),
        _ => Style.Plain,
    };
}
