using System.Text.RegularExpressions;
using SyncStorage.Build.Tests.Guards;

namespace SyncStorage.Build.Tests.Packages;

/// <summary>What an official package has, as <c>src/StandIns/official</c> lists it: types, and below each its members as C# writes them.</summary>
internal sealed partial class OfficialList
{
    private readonly Dictionary<string, Listed> types = new(StringComparer.Ordinal);

    private OfficialList(string package, IEnumerable<string> lines)
    {
        Package = package;
        Listed? type = null;
        foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] == ' ')
                type!.Members.Add(line.Trim());
            else
                types.Add(NameOf(line), type = new Listed([.. TypeParameters().Match(line).Groups["name"].Captures.Select(name => name.Value)], new HashSet<string>(StringComparer.Ordinal)));
        }
    }

    public string Package { get; }

    public IReadOnlyDictionary<string, Listed> Types => types;

    public static IReadOnlyList<OfficialList> All { get; } =
    [
        .. Directory.EnumerateFiles(SourceTree.Repository.At("src", "StandIns", "official"), "*.txt").Order(StringComparer.Ordinal)
            .Select(file => new OfficialList(Path.GetFileNameWithoutExtension(file), File.ReadLines(file))),
    ];

    /// <summary>Whether a type has a member, wherever names of parameters and defaults don't matter.</summary>
    /// <param name="type">As metadata names it: <c>Cake.Frosting.FrostingTask`1</c>.</param>
    /// <param name="signature">Without names of parameters.</param>
    public bool Has(string type, string signature) =>
        types.TryGetValue(type, out var listed) && listed.Members.Any(member => Signature(member, listed.TypeParameters) == signature || IsAccessor(member, signature));

    /// <summary>A member without what a caller's metadata does not say: names of parameters, defaults, <c>this</c>, <c>params</c>.</summary>
    private static string Signature(string member, IReadOnlyList<string> typeParameters)
    {
        var text = MethodTypeParameters().Replace(member, "");
        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open >= 0)
            text = $"{text[..open]}({string.Join(", ", SplitTop(text[(open + 1)..^1]).Select(TypeOf))})";
        for (var i = 0; i < typeParameters.Count; i++)
            text = Regex.Replace(text, $@"\b{typeParameters[i]}\b", $"!{i}");
        return text;
    }

    private static string TypeOf(string parameter)
    {
        var words = Default().Replace(parameter, "").Trim();
        words = Modifiers().Replace(words, "");
        return words[..words.LastIndexOf(' ')];
    }

    // A property is used by its accessors: "int? Port { get; }" or "int? Port { set; }".
    private static bool IsAccessor(string member, string signature)
    {
        var brace = signature.IndexOf(" { ", StringComparison.Ordinal);
        return brace > 0 && member.StartsWith(signature[..brace] + " { ", StringComparison.Ordinal) && member.Contains(signature[(brace + 3)..^2], StringComparison.Ordinal);
    }

    private static IEnumerable<string> SplitTop(string parameters)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i < parameters.Length; i++)
        {
            depth += parameters[i] switch { '<' => 1, '>' => -1, _ => 0 };
            if (parameters[i] != ',' || depth > 0) continue;
            yield return parameters[start..i];
            start = i + 1;
        }

        if (parameters.Length > start) yield return parameters[start..];
    }

    private static string NameOf(string line)
    {
        var name = line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        var generic = name.IndexOf('<', StringComparison.Ordinal);
        return generic < 0 ? name : $"{name[..generic]}`{name.Count(letter => letter == ',') + 1}";
    }

    [GeneratedRegex("<(?:(?<name>[A-Za-z]+)(?:, )?)+>$")]
    private static partial Regex TypeParameters();

    [GeneratedRegex(@"(?<=\w)<T[A-Za-z, ]*>(?=\()")]
    private static partial Regex MethodTypeParameters();

    [GeneratedRegex(" = .*$")]
    private static partial Regex Default();

    [GeneratedRegex("^(this|params) ")]
    private static partial Regex Modifiers();

    /// <summary>A type's members.</summary>
    internal sealed record Listed(IReadOnlyList<string> TypeParameters, HashSet<string> Members);
}
