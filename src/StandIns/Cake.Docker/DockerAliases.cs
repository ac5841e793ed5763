using Cake.Core.Annotations;

namespace Cake.Docker;

/// <summary>What a build can ask of docker.</summary>
[CakeAliasCategory("Docker")]
public static partial class DockerAliases;
