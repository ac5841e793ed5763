using System.Reflection;
using Cake.Cli;

namespace SyncStorage.Build.Hosting;

/// <summary>This product's version, where the engine would show its own.</summary>
internal sealed class ProductVersion : IVersionResolver
{
    private static readonly Assembly Product = typeof(ProductVersion).Assembly;

    public string GetVersion() => Product.GetName().Version?.ToString(fieldCount: 3) ?? "0.0.0";

    public string GetProductVersion() =>
        Product.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? GetVersion();
}
