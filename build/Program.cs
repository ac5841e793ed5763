using SyncStorage.Build.Hosting;

return BuildHost.Run(args, HostConsole.Create(args));
