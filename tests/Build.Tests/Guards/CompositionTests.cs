using Cake.Frosting;
using Microsoft.Extensions.DependencyInjection;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Build.Tests.Guards;

/// <summary>Everything that a task asks for can be made, and making it touches nothing.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CompositionTests : IDisposable
{
    private readonly Output output = new();
    private readonly ServiceProvider provider;

    public CompositionTests()
    {
        var line = CommandLine.Parse([], TargetCatalog.Names);
        var services = new ServiceCollection();
        services.AddBuild(output.Console, SourceTree.Repository, line, new Outcome(CancellationToken.None));
        provider = services.BuildServiceProvider(validateScopes: true);
    }

    private static IEnumerable<Type> Tasks => TargetCatalog.All.Select(target => target.Type);

    private static IEnumerable<Type> Lifetimes => [typeof(DeployLifetime), typeof(StageLifetime)];

    [TestCaseSource(nameof(Tasks))]
    [TestCaseSource(nameof(Lifetimes))]
    public void Constructor_OfTaskOrLifetime_LoadsNoSettings(Type type)
    {
        var made = ActivatorUtilities.CreateInstance(provider, type);

        Assert.That(made, Is.InstanceOf<IFrostingTask>().Or.InstanceOf<IFrostingLifetime>().Or.InstanceOf<IFrostingTaskLifetime>());
        Assert.That(provider.GetRequiredService<CurrentEnvironment>().IsLoaded, Is.False);
    }

    [TestCaseSource(nameof(Tasks))]
    [TestCaseSource(nameof(Lifetimes))]
    public void Container_WhatATaskAsksForLater_CanBeMadeAndConnectsNowhere(Type type)
    {
        var asked = type.GetConstructors().Single().GetParameters().Select(parameter => parameter.ParameterType)
            .Where(parameter => parameter.IsGenericType && parameter.GetGenericTypeDefinition() == typeof(Lazy<>))
            .Select(parameter => parameter.GenericTypeArguments[0]);

        var made = asked.Select(provider.GetRequiredService).ToList();

        Assert.That(made, Has.None.Null);
        Assert.That(provider.GetRequiredService<AwsConnection>().IsOpen, Is.False);
        Assert.That(output.Text, Is.Empty);
    }

    public void Dispose()
    {
        provider.Dispose();
        output.Dispose();
    }
}
