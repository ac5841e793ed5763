using SyncStorage.Pipeline.Bundles;

namespace SyncStorage.Pipeline.Images;

/// <summary>
/// The builder's user data: fetches the bundle, checks it, installs it, reports, and stops. Its presigned URLs, each good for one
/// object and a short while, are the only secrets that user data may hold.
/// </summary>
public static class BuilderScript
{
    /// <summary>The steps that fail if the bundle itself is damaged.</summary>
    public static IReadOnlyList<string> BundleSteps { get; } = ["fetch", "unpack", "check"];

    /// <summary>The script.</summary>
    /// <param name="bundle">What is installed.</param>
    /// <param name="bundleUrl">Where the archive is read.</param>
    /// <param name="resultUrl">Where the result is written.</param>
    /// <param name="logUrl">Where the log is written.</param>
    public static string For(Bundle bundle, Uri bundleUrl, Uri resultUrl, Uri logUrl)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        return $$"""
            #!/bin/sh
            # Installs a bundle on the builder, reports, and stops. On LocalCloud DESTDIR is the instance's root directory.
            set -u
            root="${DESTDIR:-}"
            mkdir -p "$root/var/tmp"
            work=$(mktemp -d "$root/var/tmp/bake.XXXXXX")
            log="$work/log.txt"
            step=start

            report() {
              code=$?
              if [ "$code" -eq 0 ]; then outcome=ok; else outcome=failed; fi
              printf '{"outcome":"%s","step":"%s","exitCode":%d,"release":"%s"}\n' "$outcome" "$step" "$code" '{{bundle.Release}}' > "$work/result.json"
              curl -fsS --retry 5 -X PUT --upload-file "$log" '{{Absolute(logUrl)}}'
              curl -fsS --retry 5 -X PUT --upload-file "$work/result.json" '{{Absolute(resultUrl)}}'
              rm -rf "$work"
              shutdown -h now
            }
            trap report EXIT

            install_bundle() {
              set -eu
              step=fetch
              curl -fsS --retry 5 --retry-connrefused -o "$work/bundle.tar.gz" '{{Absolute(bundleUrl)}}'
              step=unpack
              mkdir "$work/bundle"
              tar -xzf "$work/bundle.tar.gz" -C "$work/bundle"
              step=check
              cd "$work/bundle"
              found=$(sha256sum manifest.txt | cut -d ' ' -f 1)
              if [ "$found" != '{{bundle.Digest}}' ]; then
                echo "the bundle's digest is $found, expected {{bundle.Digest}}"
                exit 1
              fi
              sed -E 's/^([0-9a-f]{64}) [0-7]+ /\1  /' manifest.txt | sha256sum -c --quiet -
              step=install
              SYNCSTORAGE_RELEASE='{{bundle.Release}}' DESTDIR="$root" sh install.sh
              step=clean
              cd /
              if command -v cloud-init > /dev/null; then cloud-init clean --logs; fi
              rm -f "$root"/etc/ssh/ssh_host_*_key "$root"/etc/ssh/ssh_host_*_key.pub
              if [ -e "$root/etc/machine-id" ]; then : > "$root/etc/machine-id"; fi
              step=done
            }

            install_bundle > "$log" 2>&1

            """;
    }

    private static string Absolute(Uri url) => url.AbsoluteUri.Replace("'", "%27", StringComparison.Ordinal);
}
