namespace Cake.Frosting;

/// <summary>What a task does, for <c>--description</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TaskDescriptionAttribute(string description) : Attribute
{
    public string Description => description;
}
