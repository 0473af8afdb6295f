using TorchSharp;

namespace DistractedDriver.Tests;

/// <summary>Small trainings on arrays against Keras's: forty images of 8 × 8, three classes.</summary>
public sealed class FitTests
{
    [Theory]
    [InlineData("class_weight")]
    [InlineData("sample_weight")]
    [InlineData("validation_split")]
    [InlineData("initial_epoch")]
    [InlineData("l2")]
    [InlineData("l1_l2")]
    public void Fit_OnArrays_GivesKerasHistoryAndEvaluation(string name)
    {
        using var scope = torch.NewDisposeScope();
        var golden = Goldens.Json("fit/runs").GetProperty(name);
        var x = torch.tensor(Goldens.Floats("fit/x"), [40, 8, 8, 3]);
        var y = torch.nn.functional.one_hot(torch.arange(40) * 7 % 3, 3).to_type(torch.ScalarType.Float32);
        using var model = Network(name switch
        {
            "l2" => new L2(0.01f),
            "l1_l2" => new L1L2(0.001f, 0.01f),
            _ => null,
        });
        model.Compile(new Adam(0.01f), "categorical_crossentropy", ["accuracy"]);

        var history = name switch
        {
            "class_weight" => model.Fit(x, y, batchSize: 8, epochs: 3, shuffle: false, verbose: 0, classWeight: new Dictionary<int, float> { [0] = 1, [1] = 3, [2] = 0.5f }),
            "sample_weight" => model.Fit(x, y, batchSize: 8, epochs: 3, shuffle: false, verbose: 0, sampleWeight: torch.tensor(Goldens.Draw(Goldens.Seed + 631, 40, 0, 2))),
            "validation_split" => model.Fit(x, y, batchSize: 8, epochs: 3, shuffle: false, verbose: 0, validationSplit: 0.25),
            "l2" or "l1_l2" => model.Fit(x, y, batchSize: 8, epochs: 3, shuffle: false, verbose: 0),
            _ => model.Fit(x, y, batchSize: 8, epochs: 5, initialEpoch: 2, shuffle: false, verbose: 0),
        };

        Assert.Equal(golden.GetProperty("epoch").EnumerateArray().Select(epoch => epoch.GetInt32()), history.Epoch);
        Assert.Equal(golden.GetProperty("history").EnumerateObject().Select(logged => logged.Name).Order(), history.Names.Order());
        foreach (var logged in golden.GetProperty("history").EnumerateObject())
            foreach (var (expected, actual) in logged.Value.EnumerateArray().Select(value => value.GetDouble()).Zip(history[logged.Name], (e, a) => (e, a)))
                Assert.Equal(expected, actual, logged.Name.Contains("accuracy") ? 0 : 1e-4 * expected);
        var evaluated = model.Evaluate(x, y, batchSize: 9, verbose: 0);
        var (loss, accuracy) = (golden.GetProperty("evaluate")[0].GetDouble(), golden.GetProperty("evaluate")[1].GetDouble());
        Assert.Equal(loss, evaluated["loss"], 1e-4 * loss);
        Assert.Equal(accuracy, evaluated["accuracy"]);
    }

    [Fact]
    public void Fit_WithWeightsThatDoNotFit_SaysSo()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Network();
        model.Compile("adam", "categorical_crossentropy");
        var (x, y) = (torch.zeros(4, 8, 8, 3), torch.zeros(4, 3));
        Assert.Contains("1, 2", Assert.Throws<ArgumentException>(() => model.Fit(x, y, verbose: 0, classWeight: new Dictionary<int, float> { [1] = 1, [2] = 1 })).Message);
        Assert.Contains("4 samples", Assert.Throws<ArgumentException>(() => model.Fit(x, y, verbose: 0, sampleWeight: torch.ones(3))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Fit(x, y, verbose: 0, validationSplit: 1));
    }

    // make_numeric.py's network(regularizer, norm=False), with fill_any's weights from seed + 6400 on.
    private static Model Network(Regularizer? regularizer = null)
    {
        var input = Keras.Input((8, 8, 3));
        var convolution = new Conv2D(4, (3, 3), padding: "same", kernelRegularizer: regularizer);
        var head = new Dense(3, activation: "softmax", kernelRegularizer: regularizer);
        var y = new MaxPooling2D((2, 2)).Apply(new Activation("relu").Apply(convolution.Apply(input)));
        var model = new Model(input, head.Apply(new Flatten().Apply(y)));
        var seed = Goldens.Seed + 6400;
        foreach (var (layer, inputs, outputs) in new[] { ((Layer)convolution, 27, 4), (head, 64, 3) })
        {
            var limit = Math.Sqrt(6.0 / inputs);
            layer.SetWeights([Goldens.Draw(seed++, inputs * outputs, -limit, limit), Goldens.Draw(seed++, outputs, -0.05, 0.05)]);
        }
        return model;
    }
}
