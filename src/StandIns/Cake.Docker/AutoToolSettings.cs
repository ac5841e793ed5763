using Cake.Core.Tooling;

namespace Cake.Docker;

/// <summary>Settings whose properties are written as options by their names.</summary>
public abstract class AutoToolSettings : ToolSettings;
