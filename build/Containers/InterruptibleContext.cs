using Cake.Core;
using Cake.Core.IO;

namespace SyncStorage.Build.Containers;

/// <summary>The engine's context, with programs that end when the run is interrupted: the engine itself knows no cancellation.</summary>
internal sealed class InterruptibleContext : CakeContextAdapter, IDisposable
{
    private readonly Runner runner;

    public InterruptibleContext(ICakeContext context, CancellationToken cancellationToken)
        : base(context) => runner = new Runner(context.ProcessRunner, cancellationToken);

    public override IProcessRunner ProcessRunner => runner;

    public void Dispose() => runner.Dispose();

    private sealed class Runner(IProcessRunner inner, CancellationToken cancellationToken) : IProcessRunner, IDisposable
    {
        private readonly List<CancellationTokenRegistration> registrations = [];

        public IProcess Start(FilePath filePath, ProcessSettings settings)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var process = inner.Start(filePath, settings);
            if (process is not null)
                registrations.Add(cancellationToken.Register(process.Kill));
            return process!;
        }

        public void Dispose() => registrations.ForEach(registration => registration.Dispose());
    }
}
