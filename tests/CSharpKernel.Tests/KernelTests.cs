using System.Text.Json.Nodes;
using CSharpKernel.Protocol;
using NetMQ;

namespace KernelTests;

public sealed class KernelTests : IDisposable
{
    private readonly FrontEnd _frontEnd = new();

    [Fact]
    public void Execute_PublishesWhatTheCellGivesBetweenBusyAndIdle()
    {
        var (reply, published) = _frontEnd.Execute("Console.Write(\"a\"); Console.Error.Write(\"b\"); display(2); 1 + 1");
        Assert.Equal(["status", "execute_input", "stream", "stream", "display_data", "execute_result", "status"],
            published.Select(message => message.Type));
        Assert.Equal(("ok", 1), ((string)reply["status"]!, (int)reply["execution_count"]!));
        Assert.Equal(("a", "b"), (FrontEnd.Printed(published), FrontEnd.Printed(published, "stderr")));
        Assert.Equal("2", (string?)published[5].Content["data"]!["text/plain"]);
        Assert.Equal(2, (int)_frontEnd.Execute("1").Reply["execution_count"]!);
    }

    [Fact]
    public void Execute_Silent_ShowsAndCountsNothing()
    {
        var (reply, published) = _frontEnd.Ask("execute_request", new() { ["code"] = "Console.Write(1); 2", ["silent"] = true });
        Assert.Equal(["status", "status"], published.Select(message => message.Type));
        Assert.Equal(0, (int)reply["execution_count"]!);
    }

    [Fact]
    public void Execute_WithUserExpressions_EvaluatesEach()
    {
        var (reply, _) = _frontEnd.Ask("execute_request",
            new() { ["code"] = "var a = 20;", ["user_expressions"] = new JsonObject { ["twice"] = "2 * a", ["wrong"] = "b" } });
        Assert.Equal("40", (string?)reply["user_expressions"]!["twice"]!["data"]!["text/plain"]);
        Assert.Equal("error", (string?)reply["user_expressions"]!["wrong"]!["status"]);
    }

    [Fact]
    public void Execute_ThatFails_NamesCellAndLineAndAbortsWhatIsQueued()
    {
        var first = _frontEnd.Send("execute_request",
            new() { ["code"] = "System.Threading.Thread.Sleep(300);\nthrow new Exception(\"no\");" });
        var second = _frontEnd.Send("execute_request", new() { ["code"] = "Console.Write(\"must not run\");" });
        var reply = _frontEnd.Reply();
        Assert.Equal(("error", "System.Exception", "no"), ((string)reply["status"]!, (string)reply["ename"]!, (string)reply["evalue"]!));
        Assert.Contains("cell 1, line 2", reply["traceback"]!.ToJsonString());
        Assert.Equal("aborted", (string?)_frontEnd.Reply()["status"]);
        Assert.Contains(_frontEnd.Published(first), message => message.Type == "error");
        Assert.DoesNotContain(_frontEnd.Published(second), message => message.Type == "stream");
        Assert.Equal("ok", (string?)_frontEnd.Execute("1").Reply["status"]);
    }

    [Fact]
    public void Output_ComesWhileTheCellStillRuns()
    {
        _frontEnd.Send("execute_request", new() { ["code"] = "Console.WriteLine(\"early\"); Console.ReadLine();", ["allow_stdin"] = true });
        // The cell waits for input; its text has to be there before it gets any.
        Assert.Equal("", (string?)_frontEnd.Type("x")["prompt"]);
        Assert.Equal("ok", (string?)_frontEnd.Reply()["status"]);
    }

    [Fact]
    public void Input_AsksTheFrontEndAndHidesPasswords()
    {
        var id = _frontEnd.Send("execute_request",
            new() { ["code"] = "Console.Write(Console.ReadLine() + input(\"name? \") + password());", ["allow_stdin"] = true });
        _frontEnd.Type("a");
        Assert.Equal("name? ", (string?)_frontEnd.Type("b")["prompt"]);
        Assert.True((bool)_frontEnd.Type("c")["password"]!);
        Assert.Equal("ok", (string?)_frontEnd.Reply()["status"]);
        Assert.Equal("abc", FrontEnd.Printed(_frontEnd.Published(id)));
        var (refused, _) = _frontEnd.Ask("execute_request", new() { ["code"] = "Console.ReadLine()", ["allow_stdin"] = false });
        Assert.Contains("front end", (string?)refused["evalue"]);
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("System.Threading.Tasks.Task.Delay(-1).Wait();")]
    [InlineData("Console.ReadLine();")]
    public void Interrupt_EndsTheCellAndKeepsVariables(string code)
    {
        _frontEnd.Execute("var kept = 5;");
        var id = _frontEnd.Send("execute_request", new() { ["code"] = "Console.WriteLine(\"started\"); " + code, ["allow_stdin"] = true });
        _frontEnd.WaitForText("started");
        _frontEnd.Control("interrupt_request", []);
        Assert.Equal("ok", (string?)_frontEnd.ControlReply()["status"]);
        Assert.Equal(("error", "Interrupted"), (_frontEnd.Reply() is var reply ? (string?)reply["status"] : null, (string?)reply["ename"]));
        _frontEnd.Published(id);
        var (after, published) = _frontEnd.Execute("kept");
        Assert.True((string?)after["status"] == "ok", after.ToJsonString());
        Assert.Equal("5", (string?)published.Single(message => message.Type == "execute_result").Content["data"]!["text/plain"]);
    }

    [Fact]
    public void Messages_ThatMustNotBeTrusted_AreRefusedAndTheKernelGoesOn()
    {
        var signed = _frontEnd.Frames("execute_request", new() { ["code"] = "Console.Write(\"twice\");" });
        var forged = _frontEnd.Frames("execute_request", new() { ["code"] = "Environment.Exit(3);" });
        forged[1] = [.. forged[1].Select(letter => letter == (byte)'0' ? (byte)'1' : (byte)'0')];
        _frontEnd.SendRaw([.. forged]);
        _frontEnd.SendRaw("nonsense"u8.ToArray());
        _frontEnd.SendRaw("<IDS|MSG>"u8.ToArray(), "x"u8.ToArray());
        _frontEnd.SendRaw([.. signed]);
        _frontEnd.SendRaw([.. signed]);
        Assert.Equal("ok", (string?)_frontEnd.Reply()["status"]);
        var (reply, published) = _frontEnd.Execute("7");
        Assert.Equal(2, (int)reply["execution_count"]!);
        Assert.Contains(published, message => message.Type == "execute_result");
    }

    [Fact]
    public void AMessageThatIsTooLarge_EndsItsConnectionAndNotTheKernel()
    {
        using (var other = _frontEnd.Another()) other.SendFrame(new byte[KernelSockets.LargestMessage + 1]);
        Assert.Equal("ok", (string?)_frontEnd.Execute("1").Reply["status"]);
    }

    [Fact]
    public void Requests_WithoutWhatTheyNeed_AreAnsweredWithAnError()
    {
        Assert.Equal("error", (string?)_frontEnd.Ask("execute_request", []).Reply["status"]);
        Assert.Contains("no_such_request", (string?)_frontEnd.Ask("no_such_request", []).Reply["evalue"]);
        Assert.Equal("ok", (string?)_frontEnd.Execute("1").Reply["status"]);
    }

    [Fact]
    public void Completion_KnowsMembersLocalsOfEarlierCellsAndPositionsBehindEmoji()
    {
        _frontEnd.Execute("var cellsNumber = new List<int>();");
        JsonObject Complete(string code) =>
            _frontEnd.Ask("complete_request", new() { ["code"] = code, ["cursor_pos"] = code.EnumerateRunes().Count() }).Reply;
        string[] Matches(JsonObject reply) => [.. reply["matches"]!.AsArray().Select(match => (string)match!)];
        Assert.Equal(["cellsNumber"], Matches(Complete("cellsN")));
        Assert.Contains("AddRange", Matches(Complete("cellsNumber.Add")));
        var behind = Complete("\"🙂\".Sub");
        Assert.Equal((4, 7), ((int)behind["cursor_start"]!, (int)behind["cursor_end"]!));
        Assert.Contains("Substring", Matches(behind));
    }

    [Fact]
    public void Inspection_GivesTheSignature()
    {
        var reply = _frontEnd.Ask("inspect_request", new() { ["code"] = "Math.Max(1, 2)", ["cursor_pos"] = 7, ["detail_level"] = 0 }).Reply;
        Assert.True((bool)reply["found"]!);
        Assert.Contains("int Math.Max(int val1, int val2)", (string?)reply["data"]!["text/plain"]);
        Assert.False((bool)_frontEnd.Ask("inspect_request", new() { ["code"] = "  ", ["cursor_pos"] = 1 }).Reply["found"]!);
    }

    [Theory]
    [InlineData("1 + 1", "complete")]
    [InlineData("for (;;) {", "incomplete")]
    [InlineData("int = 5;", "invalid")]
    public void IsComplete_TellsWhetherMoreIsNeeded(string code, string status) =>
        Assert.Equal(status, (string?)_frontEnd.Ask("is_complete_request", new() { ["code"] = code }).Reply["status"]);

    [Fact]
    public void History_FindsCellsByRangeTailAndPattern()
    {
        foreach (var code in new[] { "1+1", "2+2", "1+1" }) _frontEnd.Execute(code);
        string[] Found(JsonObject request) =>
            [.. _frontEnd.Ask("history_request", request).Reply["history"]!.AsArray().Select(entry => $"{entry![1]} {entry[2]}")];
        Assert.Equal(["2 2+2", "3 1+1"], Found(new() { ["hist_access_type"] = "tail", ["n"] = 2 }));
        Assert.Equal(["1 1+1", "2 2+2"], Found(new() { ["hist_access_type"] = "range", ["session"] = 0, ["start"] = 1, ["stop"] = 3 }));
        Assert.Equal(["3 1+1"], Found(new() { ["hist_access_type"] = "search", ["pattern"] = "1?*", ["unique"] = true, ["n"] = 9 }));
    }

    [Fact]
    public void DisplayedValue_CanBeShownAnewFromALaterCell()
    {
        var shown = _frontEnd.Execute("var it = display(\"before\"); clear_output(true);").Published;
        Assert.Contains(shown, message => message.Type == "clear_output" && (bool)message.Content["wait"]!);
        var updated = _frontEnd.Execute("it.Update(\"after\");").Published.Single(message => message.Type == "update_display_data");
        Assert.Equal("after", (string?)updated.Content["data"]!["text/plain"]);
        Assert.Equal(
            (string?)shown.Single(message => message.Type == "display_data").Content["transient"]!["display_id"],
            (string?)updated.Content["transient"]!["display_id"]);
    }

    [Fact]
    public void KernelInfo_HeartbeatAndShutdown_AreAsTheProtocolSays()
    {
        var reply = _frontEnd.Ask("kernel_info_request", []).Reply;
        Assert.Equal(("5.4", "C#"), ((string)reply["protocol_version"]!, (string)reply["language_info"]!["name"]!));
        Assert.Equal("beat", _frontEnd.Beat("beat"));
        Assert.Empty(_frontEnd.Ask("comm_info_request", []).Reply["comms"]!.AsObject());
        _frontEnd.Control("shutdown_request", new() { ["restart"] = true });
        Assert.True((bool)_frontEnd.ControlReply()["restart"]!);
        Assert.True(_frontEnd.Served.Join(TimeSpan.FromSeconds(20)));
    }

    public void Dispose() => _frontEnd.Dispose();
}
