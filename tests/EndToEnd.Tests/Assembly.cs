// Each has a checkout and a cloud of its own; but two deployments at a time are more than two cores can bear in the time that their steps have.
[assembly: LevelOfParallelism(1)]
