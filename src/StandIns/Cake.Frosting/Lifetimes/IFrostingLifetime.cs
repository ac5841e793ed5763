namespace Cake.Frosting;

/// <summary>Runs before and after all tasks.</summary>
public interface IFrostingLifetime : IFrostingSetup, IFrostingTeardown;
