System.Console.Error.WriteLine("LocalCloud has no listener yet.");
return 1;
