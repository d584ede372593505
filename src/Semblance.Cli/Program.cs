using Semblance.Cli.Hosting;

return Application.Run(args);
