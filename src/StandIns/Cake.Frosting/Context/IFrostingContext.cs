using Cake.Core;

namespace Cake.Frosting;

/// <summary>What every task of a run shares.</summary>
public interface IFrostingContext : ICakeContext;
