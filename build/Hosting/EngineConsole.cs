using System.Globalization;
using Cake.Core;
using Spectre.Console;

namespace SyncStorage.Build.Hosting;

/// <summary>The engine's console, such as <c>--tree</c> and <c>--version</c> write to, on the one console.</summary>
internal sealed class EngineConsole(IAnsiConsole console) : IConsole
{
    private ConsoleColor? foreground;

    public ConsoleColor ForegroundColor
    {
        get => foreground ?? ConsoleColor.Gray;
        set => foreground = value;
    }

    public ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public bool SupportAnsiEscapeCodes => console.Profile.Capabilities.Ansi;

    public void Write(string format, params object[] arg) => Write(Format(format, arg));

    public void Write(string value) => console.Write(value, foreground is { } color ? new Style(Color.FromConsoleColor(color)) : Style.Plain);

    public void WriteLine(string format, params object[] arg) => WriteLine(Format(format, arg));

    public void WriteLine(string value)
    {
        Write(value);
        console.WriteLine();
    }

    public void WriteError(string format, params object[] arg) => Write(Format(format, arg));

    public void WriteError(string value) => Write(value);

    public void WriteErrorLine(string format, params object[] arg) => WriteLine(Format(format, arg));

    public void WriteErrorLine(string value) => WriteLine(value);

    public void ResetColor() => foreground = null;

    private static string Format(string format, object[] arg) =>
        arg.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, arg);
}
