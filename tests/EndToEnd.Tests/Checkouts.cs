namespace SyncStorage.EndToEnd.Tests;

/// <summary>Checkouts for clusters that live side by side: copies of this one, with its bundle, which is built once for all of them.</summary>
[SetUpFixture]
public sealed class Checkouts
{
    private static Bundles? bundles;

    /// <summary>The bundles of this checkout, and of a release that differs from it.</summary>
    internal static Bundles Bundles => bundles ?? throw new InvalidOperationException("The bundles have not been built.");

    [OneTimeSetUp]
    public static async Task BuildBundles()
    {
        bundles = new Bundles(CancellationToken.None);
        await bundles.BuildAsync(both: true);
    }

    [OneTimeTearDown]
    public static void RemoveBundles() => bundles?.Dispose();

    /// <summary>Makes one, as this checkout is after its webhead has been built.</summary>
    internal static CheckoutCopy New()
    {
        var checkout = new CheckoutCopy();
        Bundles.Use(checkout, 0);
        return checkout;
    }
}
