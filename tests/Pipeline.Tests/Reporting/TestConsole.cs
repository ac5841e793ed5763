using Spectre.Console;

namespace SyncStorage.Pipeline.Tests.Reporting;

/// <summary>A console that writes into a string.</summary>
internal sealed class TestConsole : IDisposable
{
    private readonly StringWriter writer = new();

    public TestConsole(bool terminal = false)
    {
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new Output(writer, terminal),
        });
    }

    public IAnsiConsole Console { get; }

    public TextWriter Writer => writer;

    public string Text => writer.ToString();

    public IReadOnlyList<string> Lines => Text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void Dispose() => writer.Dispose();

    private sealed class Output(TextWriter writer, bool terminal) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => terminal;

        public int Width => 200;

        public int Height => 50;

        public void SetEncoding(System.Text.Encoding encoding)
        {
        }
    }
}
