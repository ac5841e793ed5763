global using SyncStorage.AwsModels;
global using SyncStorage.LocalCloud.Control;
global using SyncStorage.LocalCloud.Core;
global using SyncStorage.LocalCloud.Security;
global using SyncStorage.LocalCloud.Wire;
