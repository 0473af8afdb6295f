using System.Text.Json;
using TorchSharp;

namespace DistractedDriver.Tests;

public sealed class OptimizerTests
{
    private static readonly JsonElement[] Steps = [.. Goldens.Json("optimizers/steps").EnumerateArray()];

    // Keras's other optimizers, and weight decay, are not here.
    public static TheoryData<int> Cases() => [.. Enumerable.Range(0, Steps.Length).Where(i =>
        Steps[i].GetProperty("optimizer").GetString() is "SGD" or "Adam" or "RMSprop" && !Steps[i].GetProperty("arguments").TryGetProperty("weight_decay", out _))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_OfGivenGradients_AreKeras(int number)
    {
        using var scope = torch.NewDisposeScope();
        var golden = Steps[number];
        using var weight = new Weight("w", 7);
        weight.Assign(Goldens.Floats("optimizers/start"));
        using var optimizer = Make(golden.GetProperty("optimizer").GetString()!, golden.GetProperty("arguments"));
        var gradients = Goldens.Floats("optimizers/gradients");
        var step = 0;
        foreach (var expected in golden.GetProperty("after_each_step").EnumerateArray())
        {
            optimizer.Apply([weight], [torch.tensor(gradients[(7 * step)..(7 * step + 7)])]);
            step++;
            Assert.InRange(Goldens.Deviation(weight.ToArray(), [.. expected.EnumerateArray().Select(value => value.GetSingle())]), 0, 1e-6);
        }
        Assert.Equal(8, step);
    }

    [Fact]
    public void Schedules_GiveKerasRates()
    {
        var golden = Goldens.Json("optimizers/schedules");
        var schedules = new Dictionary<string, LearningRateSchedule>
        {
            ["ExponentialDecay"] = new ExponentialDecay(0.1f, 10, 0.5f),
            ["ExponentialDecay staircase"] = new ExponentialDecay(0.1f, 10, 0.5f, staircase: true),
            ["CosineDecay"] = new CosineDecay(0.1f, 40, alpha: 0.1f),
            ["CosineDecay warm-up"] = new CosineDecay(0, 40, warmupTarget: 0.1f, warmupSteps: 10),
        };
        foreach (var (name, schedule) in schedules)
        {
            var expected = golden.GetProperty(name);
            foreach (var (step, rate) in expected.GetProperty("steps").EnumerateArray().Zip(expected.GetProperty("rates").EnumerateArray()))
                Assert.Equal(rate.GetDouble(), schedule.At(step.GetInt64()), 1e-8);
        }
    }

    [Fact]
    public void LearningRate_OfASchedule_FollowsTheStepsAndCannotBeSet()
    {
        using var scope = torch.NewDisposeScope();
        using var weight = new Weight("w", 1);
        using var optimizer = new SGD(new ExponentialDecay(1, 1, 0.5f));
        optimizer.Apply([weight], [torch.ones(1)]);
        optimizer.Apply([weight], [torch.ones(1)]);
        Assert.Equal([-1.5f], weight.ToArray());
        Assert.Equal(0.25f, optimizer.LearningRate);
        Assert.Throws<InvalidOperationException>(() => optimizer.LearningRate = 0.1f);
    }

    [Fact]
    public void Arguments_OutOfRange_AreRefused()
    {
        Assert.ThrowsAny<ArgumentException>(() => new Adam(0));
        Assert.ThrowsAny<ArgumentException>(() => new SGD(0.1f, momentum: 2));
        Assert.ThrowsAny<ArgumentException>(() => new RMSprop(rho: 1));
        Assert.Contains("clipnorm", Assert.Throws<ArgumentException>(() => new Adam(clipnorm: 1, clipvalue: 1)).Message);
        Assert.Contains("\"rmsprop\"", Assert.Throws<ArgumentException>(() => (Optimizer)"adagrad").Message);
    }

    private static Optimizer Make(string name, JsonElement arguments)
    {
        float? Get(string key) => arguments.TryGetProperty(key, out var value) ? value.GetSingle() : null;
        bool Is(string key) => arguments.TryGetProperty(key, out var value) && value.GetBoolean();
        var rate = Get("learning_rate")!.Value;
        return name switch
        {
            "SGD" => new SGD(rate, Get("momentum") ?? 0, Is("nesterov")),
            "RMSprop" => new RMSprop(rate, Get("rho") ?? 0.9f, Get("momentum") ?? 0, centered: Is("centered")),
            _ => new Adam(rate, Get("beta_1") ?? 0.9f, Get("beta_2") ?? 0.999f, Get("epsilon") ?? 1e-7f, Is("amsgrad"), Get("clipnorm"), Get("clipvalue"), Get("global_clipnorm")),
        };
    }
}
