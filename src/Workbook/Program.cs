using System.CommandLine;
using Workbook;

var root = new RootCommand("Runs C# notebooks.") { RunCommand.Create(), HtmlCommand.Create(), SampleCommand.Create(),
    FeaturesCommand.Create(), DoctorCommand.Create() };
foreach (var command in KernelCommands.Create()) root.Add(command);
return root.Parse(args).Invoke();
