using Cake.Core;
using Cake.Core.Annotations;
using Cake.Docker.Internal;

namespace Cake.Docker;

partial class DockerAliases
{
    /// <summary>Builds an image from a Dockerfile.</summary>
    /// <param name="context">The context.</param>
    /// <param name="settings">The options.</param>
    /// <param name="path">The folder whose files the build may copy.</param>
    [CakeMethodAlias]
    public static void DockerBuild(this ICakeContext context, DockerImageBuildSettings settings, string path)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentException.ThrowIfNullOrEmpty(path);
        new DockerRunner<DockerImageBuildSettings>(context).Run("build", settings, [path]);
    }
}
