using System.Reflection;
using Cake.Frosting;

namespace SyncStorage.Build.Hosting;

/// <summary>The targets of this build, read from their attributes.</summary>
internal static class TargetCatalog
{
    public static IReadOnlyList<Target> All { get; } =
    [
        .. typeof(TargetCatalog).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && typeof(IFrostingTask).IsAssignableFrom(type))
            .Select(type => new Target(
                type.GetCustomAttribute<TaskNameAttribute>()?.Name ?? type.Name,
                type.GetCustomAttribute<TaskDescriptionAttribute>()?.Description ?? "",
                type,
                type.GetCustomAttribute<StageAttribute>()))
            .OrderBy(target => target.Name, StringComparer.Ordinal),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(target => target.Name)];

    /// <summary>What sort of stage a target is; null if it is none.</summary>
    public static StageKind? StageKindOf(string name) => StageOf(name)?.Kind;

    /// <summary>What stage a target is; null if it is none.</summary>
    public static StageAttribute? StageOf(string name) => All.FirstOrDefault(target => target.Name == name)?.Stage;
}

/// <summary>A target.</summary>
/// <param name="Name">What it is asked for by.</param>
/// <param name="Description">What it does, in a sentence.</param>
/// <param name="Type">Its task.</param>
/// <param name="Stage">What stage it is; null if it is none.</param>
internal sealed record Target(string Name, string Description, Type Type, StageAttribute? Stage);
