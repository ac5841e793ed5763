using Spectre.Console;

namespace SyncStorage.Build.Hosting;

/// <summary>Makes the one console that everything prints through.</summary>
internal static class HostConsole
{
    /// <summary>Nobody's lines are this long; the console would otherwise break lines at 80 where output is not a terminal.</summary>
    private const int Unbroken = 1_000;

    /// <param name="args">Where they ask for an answer as JSON, standard output is for that alone.</param>
    public static IAnsiConsole Create(IReadOnlyList<string> args)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = args.Contains(Options.Json.Name, StringComparer.OrdinalIgnoreCase) ? new AnsiConsoleOutput(Console.Error) : null });
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = Unbroken;
        return console;
    }
}
