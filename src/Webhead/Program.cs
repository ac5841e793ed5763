System.Console.Error.WriteLine("The webhead has no listener yet.");
return 1;
