using System.Reflection;
using Cake.Core;

namespace Cake.Frosting.Internal;

/// <summary>Tells the engine of one task: what it overrides, and what its attributes say.</summary>
internal static class TaskRegistration
{
    public static void Register(ICakeEngine engine, IFrostingTask task, IFrostingContext context)
    {
        var type = task.GetType();
        var builder = engine.RegisterTask(NameOf(type));
        if (type.GetCustomAttribute<TaskDescriptionAttribute>() is { } description)
            builder.Description(description.Description);

        // What a task doesn't override is not registered: an empty error handler would swallow the error.
        if (Overrides(type, nameof(FrostingTask.Run)) || Overrides(type, nameof(AsyncFrostingTask.RunAsync)))
            builder.Does(() => task.RunAsync(context));
        if (Overrides(type, nameof(IFrostingTask.ShouldRun)))
            builder.WithCriteria(_ => task.ShouldRun(context), task.SkippedMessage);
        if (Overrides(type, nameof(IFrostingTask.OnError)))
            builder.OnError(exception => task.OnError(exception, context));
        if (Overrides(type, nameof(IFrostingTask.Finally)))
            builder.Finally(() => task.Finally(context));
        if (type.IsDefined(typeof(ContinueOnErrorAttribute)))
            builder.ContinueOnError();

        foreach (var dependency in type.GetCustomAttributes<IsDependentOnAttribute>())
            builder.IsDependentOn(NameOf(dependency.Task, type));
        foreach (var dependee in type.GetCustomAttributes<IsDependeeOfAttribute>())
            builder.IsDependeeOf(NameOf(dependee.Task, type));
    }

    private static string NameOf(Type task, Type referrer) =>
        typeof(IFrostingTask).IsAssignableFrom(task)
            ? NameOf(task)
            : throw new FrostingException($"The task '{NameOf(referrer)}' names '{task.FullName}', which is not a task.");

    private static string NameOf(Type task) => task.GetCustomAttribute<TaskNameAttribute>()?.Name ?? task.Name;

    private static bool Overrides(Type task, string method) =>
        task.GetMethods().Any(candidate =>
            candidate.Name == method
            && candidate.GetBaseDefinition() != candidate
            && candidate.DeclaringType!.Assembly != typeof(IFrostingTask).Assembly);
}
