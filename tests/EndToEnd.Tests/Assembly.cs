// Deployments spend much of their time waiting: two at a time, each of a checkout and on a cloud of its own.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(2)]
