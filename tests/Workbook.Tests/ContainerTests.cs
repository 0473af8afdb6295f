using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WorkbookTests;

/// <summary>What can be said about the container files without a container engine.</summary>
public sealed partial class ContainerTests
{
    // The properties of the dev container specification (containers.dev) that these files may use, with what they hold.
    private static readonly Dictionary<string, Func<JsonNode, bool>> Properties = new()
    {
        ["name"] = IsText,
        ["build"] = build => IsObjectOf(build, "dockerfile", "context", "target", "args"),
        ["hostRequirements"] = host =>
            IsObjectOf(host, "cpus", "memory", "storage", "gpu") && Size().IsMatch((string)host["memory"]!)
                && Size().IsMatch((string)host["storage"]!) && (int)host["cpus"]! > 0,
        ["runArgs"] = AreTexts,
        ["containerEnv"] = environment => environment is JsonObject variables && variables.All(variable => IsText(variable.Value!)),
        ["postCreateCommand"] = IsText,
        ["customizations"] = tools =>
            IsObjectOf(tools, "vscode") && IsObjectOf(tools["vscode"]!, "extensions", "settings")
                && AreTexts(tools["vscode"]!["extensions"]!),
    };

    public static TheoryData<string> Variants => ["cpu", "gpu"];

    [Theory]
    [MemberData(nameof(Variants))]
    public void ADevContainer_KeepsToTheSpecification(string variant)
    {
        var container = Read(variant);
        Assert.All(container, property =>
            Assert.True(Properties.TryGetValue(property.Key, out var holds) && holds(property.Value!),
                $"{property.Key}: {property.Value?.ToJsonString()}"));
        Assert.Contains("ms-toolsai.jupyter",
            container["customizations"]!["vscode"]!["extensions"]!.AsArray().Select(extension => (string?)extension));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void ADevContainer_BuildsAStageThatIsThere(string variant)
    {
        var folder = Path.Combine(Checkout.Folder, ".devcontainer", variant);
        var build = Read(variant)["build"]!;
        var dockerfile = File.ReadAllText(Path.Combine(folder, (string)build["dockerfile"]!));
        Assert.True(Directory.Exists(Path.Combine(folder, (string)build["context"]!)));
        Assert.Matches($@"(?m)^FROM \S+ AS {Regex.Escape((string)build["target"]!)}$", dockerfile);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void WhatADevContainerRuns_IsAScriptThatBashAccepts(string variant)
    {
        var command = ((string)Read(variant)["postCreateCommand"]!).Split(' ');
        Assert.Equal("bash", command[0]);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "bash is not part of Windows.");
        using var process = Process.Start(
            new ProcessStartInfo("bash", ["-n", Path.Combine(Checkout.Folder, command[1])]) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }

    [Fact]
    public void EveryCommandOfTheSetup_IsOneThatTheProgramHas()
    {
        string[] commands = [.. WorkbookCall().Matches(File.ReadAllText(Path.Combine(Checkout.Folder, "environment", "setup.sh")))
            .Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(commands);
        Assert.All(commands, command =>
        {
            using var process = Process.Start(
                new ProcessStartInfo("dotnet",
                    [Path.Combine(AppContext.BaseDirectory, "Workbook.dll"), command, "--help"])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true
                })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        });
    }

    [Fact]
    public void TheImagesOfTheDockerfile_AreStagesOrNamedWithAVersion() =>
        Assert.All(Stage().Matches(File.ReadAllText(Path.Combine(Checkout.Folder, "environment", "Dockerfile"))), match =>
            Assert.Matches(@"^(\S+:\d[\w.-]*|sdk)$", match.Groups[1].Value));

    private static JsonObject Read(string variant) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Checkout.Folder, ".devcontainer", variant, "devcontainer.json")))!.AsObject();

    private static bool IsText(JsonNode node) => node.GetValueKind() == JsonValueKind.String;

    private static bool AreTexts(JsonNode node) => node is JsonArray texts && texts.All(text => IsText(text!));

    private static bool IsObjectOf(JsonNode node, params string[] names) =>
        node is JsonObject properties && properties.All(property => names.Contains(property.Key));

    [GeneratedRegex(@"^\d+([tgmk]b)?$")]
    private static partial Regex Size();

    [GeneratedRegex("""(?m)^"\$\{workbook\[@\]\}" (\w+)""")]
    private static partial Regex WorkbookCall();

    [GeneratedRegex(@"(?m)^FROM (\S+)")]
    private static partial Regex Stage();
}
