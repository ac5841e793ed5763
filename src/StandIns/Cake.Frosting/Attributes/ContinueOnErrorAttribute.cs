namespace Cake.Frosting;

/// <summary>A failure of this task is logged, and the tasks after it run all the same.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ContinueOnErrorAttribute : Attribute;
