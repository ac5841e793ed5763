using System.Collections.Concurrent;
using System.Reflection;
using SyncStorage.AwsModels;

namespace SyncStorage.StandIns.Query;

/// <summary>Pairs the members of a shape with the properties of the class that stands for it.</summary>
internal static class TypedMembers
{
    private static readonly ConcurrentDictionary<(Type Type, Shape Shape), (Member Member, PropertyInfo Property)[]> Cache = new();

    public static (Member Member, PropertyInfo Property)[] Of(Type type, Shape shape) => Cache.GetOrAdd((type, shape), static key =>
        [.. key.Shape.Members.Values.Select(member => (member, Property(key.Type, member)))]);

    private static PropertyInfo Property(Type type, Member member) =>
        type.GetProperty(char.ToUpperInvariant(member.Name[0]) + member.Name[1..])
            ?? throw new InvalidOperationException($"{type.FullName} has no property for the model's member {member.Name}: run src/StandIns/generate.py.");
}
