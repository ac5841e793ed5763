namespace Cake.Frosting;

/// <summary>The name by which a task is asked for; without it, a task is named as its type.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TaskNameAttribute(string name) : Attribute
{
    public string Name => name;
}
