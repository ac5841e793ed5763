using System.Reflection;
using SyncStorage.Build.Tests.Guards;

namespace SyncStorage.Build.Tests.Packages;

/// <summary>
/// Product code, the stand-ins and the lists of what the official packages have agree: with stand-ins, these offer nothing that is not on the
/// list; with the official packages, the list claims nothing that they don't have.
/// </summary>
public sealed class OfficialPackagesTests
{
    private const string StandInsOwn = "AWSSDK.Query";

    private const BindingFlags DeclaredHere = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string Folder = AppContext.BaseDirectory;

    private static bool HasOfficialPackages => !File.Exists(Path.Combine(Folder, $"{StandInsOwn}.dll"));

    private static IEnumerable<string> Packages => OfficialList.All.Select(list => list.Package);

    /// <summary>Everything of this repository that is compiled by now, but for the stand-ins.</summary>
    private static IEnumerable<string> Programs => SourceTree.References.Keys
        .Where(project => !project.StartsWith("src/StandIns/", StringComparison.Ordinal))
        .Where(project => File.Exists(CompiledOf(project)));

    [TestCaseSource(nameof(Programs))]
    public void Program_WhatItUsesOfThePackages_IsOnTheirLists(string project)
    {
        var uses = MemberUse.In(CompiledOf(project));

        var wrong = uses.Where(use => OfficialList.All.FirstOrDefault(list => list.Package == use.Assembly) is { } list && !IsKnown(list, use))
            .Select(use => $"{use.Assembly}: {use}");

        Assert.That(wrong, Is.Empty, "If the official package has it: src/StandIns/README.md says how it comes onto the list.");
    }

    [TestCaseSource(nameof(Programs))]
    public void Program_Uses_NothingThatOnlyStandInsHave(string project)
    {
        var uses = MemberUse.In(CompiledOf(project));

        Assert.That(uses.Where(use => use.Assembly == StandInsOwn), Is.Empty, "no official package has it");
    }

    /// <summary>The official interfaces have more members than are in use: who implements one does not compile against them.</summary>
    [TestCaseSource(nameof(Programs))]
    public void Program_Types_ImplementNoInterfaceOfAClient(string project)
    {
        var uses = MemberUse.In(CompiledOf(project));

        Assert.That(uses.Where(use => use.Implements && Packages.Contains(use.Assembly) && use.Type.StartsWith("Amazon.", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void Programs_Compiled_AreAtLeastTheProduct()
    {
        Assert.That(Programs, Does.Contain("build/Build.csproj").And.Contain("pipeline/Pipeline.csproj"));
    }

    [TestCaseSource(nameof(Packages))]
    public void Package_AndItsList_Agree(string package)
    {
        var list = OfficialList.All.Single(one => one.Package == package);
        var types = Surface.TypesOf(Assembly.LoadFrom(Path.Combine(Folder, $"{package}.dll"))).ToDictionary(type => type.FullName!, StringComparer.Ordinal);

        var wrong = HasOfficialPackages ? MissingFrom(types, list) : NotOnTheList(types, list);

        Assert.That(wrong, Is.Empty);
    }

    /// <summary>The AWS packages say nothing about it: what is compiled against a stand-in must not rely on more.</summary>
    [TestCaseSource(nameof(Packages))]
    public void StandIn_OfAws_SaysNothingAboutTheNullabilityOfReferences(string package)
    {
        if (HasOfficialPackages || !package.StartsWith("AWSSDK.", StringComparison.Ordinal)) return;
        var types = Surface.TypesOf(Assembly.LoadFrom(Path.Combine(Folder, $"{package}.dll")));

        var annotated = types.SelectMany(type => type.GetMembers(DeclaredHere).Append(type)).Where(member => member.CustomAttributes.Any(IsAnnotation));

        Assert.That(annotated, Is.Empty);
    }

    private static bool IsAnnotation(CustomAttributeData attribute) => attribute.AttributeType.Name is "NullableAttribute" or "NullableContextAttribute";

    private static bool IsKnown(OfficialList list, MemberUse use) =>
        use.Signature is null ? list.Types.ContainsKey(use.Type) : list.Has(use.Type, use.Signature);

    private static IEnumerable<string> NotOnTheList(IReadOnlyDictionary<string, Type> types, OfficialList list)
    {
        foreach (var (name, type) in types)
        {
            if (!list.Types.TryGetValue(name, out var listed))
                yield return name;
            else
                foreach (var member in Surface.MembersOf(type).Where(member => !listed.Members.Contains(member)))
                    yield return $"{name}: {member}";
        }
    }

    private static IEnumerable<string> MissingFrom(IReadOnlyDictionary<string, Type> types, OfficialList list)
    {
        foreach (var (name, listed) in list.Types)
        {
            if (!types.TryGetValue(name, out var type))
            {
                yield return name;
                continue;
            }

            var there = Surface.AllMembersOf(type).ToHashSet(StringComparer.Ordinal);
            foreach (var member in listed.Members.Where(member => !there.Contains(member)))
                yield return $"{name}: {member}";
        }
    }

    private static string CompiledOf(string project)
    {
        var parts = Path.GetDirectoryName(project)!.Split('/');
        var name = Path.GetFileNameWithoutExtension(project);
        return Path.Combine(SourceTree.Repository.OutputOf(parts), $"{(name == "Webhead" ? "webhead" : name)}.dll");
    }
}
