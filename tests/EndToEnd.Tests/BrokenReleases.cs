using SyncStorage.TestSupport;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>Releases that are broken in the way that a test wants: the checkout's bundle, changed. It is what a compiler would make of broken sources, without compiling them.</summary>
internal sealed class BrokenReleases : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("syncstorage-broken-");

    /// <summary>Makes one that does something in its shell before it serves, and makes it a checkout's.</summary>
    /// <param name="checkout">Which checkout.</param>
    /// <param name="command">What it does.</param>
    public Task UseAsync(CheckoutCopy checkout, string command) => UseAsync(checkout, "serve", unpacked =>
    {
        var program = Path.Combine(unpacked, "webhead", "webhead");
        File.Move(program, $"{program}-itself");
        LetRun(Path.Combine(unpacked, "install.sh"));
        File.WriteAllText(program, $"#!/bin/sh\nif [ \"$1\" = serve ]; then\n{command}\nfi\nexec \"$0-itself\" \"$@\"\n");
    });

    /// <summary>Makes one that declares that it needs another schema, and makes it a checkout's.</summary>
    public Task UseAsync(CheckoutCopy checkout, int minSchema, int maxSchema) => UseAsync(checkout, "schema", unpacked => File.WriteAllText(
        Path.Combine(unpacked, "webhead", "compatibility.json"), $$"""{ "schema": { "min": {{minSchema}}, "max": {{maxSchema}} }, "configuration": { "min": 1, "max": 2 } }"""));

    public void Dispose() => folder.Delete(recursive: true);

    // Only the program itself is one to the installer.
    private static void LetRun(string installer)
    {
        const string Only = "chmod 755 \"$home/$program.new/$program\"";
        var text = File.ReadAllText(installer);
        if (!text.Contains($"{Only}\n", StringComparison.Ordinal)) throw new HarnessException($"install.sh has no '{Only}' any more.");
        File.WriteAllText(installer, text.Replace($"{Only}\n", $"{Only} \"$home/$program.new/$program-itself\"\n", StringComparison.Ordinal));
    }

    private async Task UseAsync(CheckoutCopy checkout, string kind, Action<string> change) =>
        checkout.UseBundle(await DerivedBundle.MakeAsync(Bundles.Built, folder.CreateSubdirectory($"{kind}-{Guid.NewGuid():n}"), change, CancellationToken.None));
}
