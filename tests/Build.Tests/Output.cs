using Spectre.Console;

namespace SyncStorage.Build.Tests;

/// <summary>A console that keeps what is printed.</summary>
internal sealed class Output : IDisposable
{
    private readonly StringWriter writer = new();

    public Output()
    {
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        Console.Profile.Width = 1_000;
    }

    public IAnsiConsole Console { get; }

    public string Text => writer.ToString();

    public IReadOnlyList<string> Lines => [.. Text.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];

    public void Dispose() => writer.Dispose();
}
