using System.CommandLine;
using Workbook;

return new RootCommand("Runs C# notebooks.") { RunCommand.Create() }.Parse(args).Invoke();
