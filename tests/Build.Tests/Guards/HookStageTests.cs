using System.ComponentModel.DataAnnotations;
using System.Reflection;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Build.Tests.Guards;

/// <summary>The stages that hooks can name are the stages that there are: the settings know no targets.</summary>
public sealed class HookStageTests
{
    [Test]
    public void HookSettings_Stages_AreTheTargetsThatChangeSomethingAndTheBuild()
    {
        var known = typeof(HookSettings).GetProperty(nameof(HookSettings.Stage))!.GetCustomAttribute<AllowedValuesAttribute>()!.Values;

        var stages = TargetCatalog.All.Where(target => target.Stage is { Kind: StageKind.Changes or StageKind.Removes } || target.Name == "Build-Webhead").Select(target => target.Name);

        Assert.That(known, Is.EquivalentTo(stages));
    }
}
