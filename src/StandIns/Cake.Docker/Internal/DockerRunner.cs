using System.Reflection;
using System.Text;
using Cake.Core;
using Cake.Core.IO;
using Cake.Core.Tooling;

namespace Cake.Docker.Internal;

/// <summary>Runs one of docker's commands, with the options that are set.</summary>
internal sealed class DockerRunner<TSettings>(ICakeContext context) : Tool<TSettings>(context.FileSystem, context.Environment, context.ProcessRunner, context.Tools)
    where TSettings : AutoToolSettings
{
    public void Run(string command, TSettings settings, IEnumerable<string> operands)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var arguments = new ProcessArgumentBuilder().Append(command);
        foreach (var property in typeof(TSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            Append(arguments, property.Name, property.GetValue(settings));
        foreach (var operand in operands)
            arguments.AppendQuoted(operand);
        Run(settings, arguments);
    }

    protected override string GetToolName() => "Docker";

    protected override IEnumerable<string> GetToolExecutableNames() => ["docker", "docker.exe"];

    private static void Append(ProcessArgumentBuilder arguments, string name, object? value)
    {
        foreach (var one in value switch { null => [], string text => [text], string[] texts => texts, _ => throw new NotSupportedException($"{name} is a {value.GetType()}.") })
            arguments.AppendSwitchQuoted($"--{Kebab(name)}", one);
    }

    private static string Kebab(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
            text.Append(char.IsUpper(letter) && text.Length > 0 ? "-" : "").Append(char.ToLowerInvariant(letter));
        return text.ToString();
    }
}
