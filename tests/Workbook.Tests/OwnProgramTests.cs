using System.Diagnostics;

namespace WorkbookTests;

/// <summary>A console program of one's own, in a folder of its own, that references the library's project and says no platform.</summary>
public sealed class OwnProgramTests
{
    private const string Program =
        """
        using DistractedDriver;
        using DistractedDriver.Applications;
        using TorchSharp;

        var network = Applications.EfficientNetLite0(weights: "imagenet");
        using var answers = network.Predict(torch.zeros(1, 224, 224, 3));
        System.Console.WriteLine(EfficientNetLite0.DecodePredictions(answers, top: 1)[0][0].Identifier);
        """;

    [Fact]
    public void AConsoleProgram_ThatReferencesTheProject_RunsWithTheWeightsOnBoard()
    {
        var folder = Directory.CreateTempSubdirectory("program");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "Program.cs"), Program);
            // Linked rather than copied: LibTorch is half a gigabyte. The referenced projects are built, as the tests are.
            File.WriteAllText(Path.Combine(folder.FullName, "program.csproj"),
                $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType>
                    <TargetFramework>net10.0</TargetFramework>
                    <BuildProjectReferences>false</BuildProjectReferences>
                    <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
                  </PropertyGroup>
                  <ItemGroup>
                    <ProjectReference Include="{Checkout.Folder}/src/DistractedDriver/DistractedDriver.csproj" />
                  </ItemGroup>
                </Project>
                """);
            var (built, messages) = Dotnet(folder.FullName, "build", "-c", Configuration, "-v", "quiet", "-nodeReuse:false");
            Assert.True(built == 0, messages);
            var (code, output) = Dotnet(folder.FullName, "run", "-c", Configuration, "--no-build");
            Assert.True(code == 0, output);
            Assert.Matches(@"(?m)^n\d{8}\r?$", output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // That of the tests, whose folder is named after it.
    private static string Configuration { get; } =
        new DirectoryInfo(AppContext.BaseDirectory).Name.Equals("release", StringComparison.OrdinalIgnoreCase) ? "Release" : "Debug";

    private static (int Code, string Text) Dotnet(string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
