using DistractedDriver;
using DistractedDriver.Callbacks;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;
using TorchSharp;

namespace LibraryTests;

public sealed class CallbackTests
{
    [Fact]
    public void EarlyStopping_WithRestoreBestWeights_GivesThoseOfTheBestEpochBack()
    {
        using var model = Probe();
        model.Compile(new SGD(0.1f), "mse");
        var stopping = new EarlyStopping("loss", patience: 1, restoreBestWeights: true) { Model = model };
        stopping.OnTrainBegin();
        foreach (var (epoch, loss) in new[] { (0, 3.0), (1, 1.0), (2, 2.0) })
        {
            model.Weights[0].Assign([epoch]);
            stopping.OnEpochEnd(epoch, new Dictionary<string, double> { ["loss"] = loss });
        }
        Assert.True(model.StopTraining);
        Assert.Equal(2, stopping.StoppedEpoch);
        Assert.Equal([1f], model.Weights[0].ToArray());
    }

    [Fact]
    public void Fit_WithASchedulerAndFunctions_CallsThemInOrderAndLogsTheRate()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Probe();
        model.Compile(new SGD(0.1f), "mse");
        var told = new List<string>();
        var history = model.Fit(torch.ones(4, 1), torch.ones(4, 1), epochs: 2, verbose: 0, callbacks:
        [
            new LearningRateScheduler((epoch, rate) => rate / (epoch + 1)),
            new LambdaCallback(
                onTrainBegin: () => told.Add("begin"), onEpochBegin: epoch =>
                    told.Add($"epoch {epoch}"), onTrainBatchEnd: (batch, _) => told.Add($"batch {batch}"),
                onEpochEnd: (epoch, logs) => told.Add($"end {epoch}: {string.Join(", ", logs.Keys)}"), onTrainEnd: () => told.Add("over")),
        ]);
        Assert.Equal(["begin", "epoch 0", "batch 0", "end 0: loss, lr", "epoch 1", "batch 0", "end 1: loss, lr", "over"], told);
        Assert.Equal([0.1f, 0.05f], history["lr"].Select(rate => (float)rate));
    }

    [Fact]
    public void ModelCheckpoint_OfTheBest_SavesThoseEpochsUnderTheirValues()
    {
        using var folder = new TemporaryFolder();
        using var model = Probe();
        model.Compile(new SGD(0.1f), "mse");
        var checkpoint = new ModelCheckpoint(folder.File("best.{epoch:02d}-{val_loss:.2f}.h5"), saveBestOnly: true) { Model = model };
        foreach (var (epoch, loss) in new[] { (0, 3.0), (1, 1.254), (2, 2.0), (3, 1.0) })
        {
            model.Weights[0].Assign([epoch]);
            checkpoint.OnEpochEnd(epoch, new Dictionary<string, double> { ["val_loss"] = loss });
        }
        Assert.Equal(["best.01-3.00.h5", "best.02-1.25.h5", "best.04-1.00.h5"],
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
        using var best = Keras.LoadModel(folder.File("best.04-1.00.h5"));
        Assert.Equal([3f], best.Weights[0].ToArray());
        var weights = new ModelCheckpoint(folder.File("{epoch}.weights.h5"), saveWeightsOnly: true) { Model = model };
        weights.OnEpochEnd(4, new Dictionary<string, double>());
        best.LoadWeights(folder.File("5.weights.h5"));
        Assert.Contains("val_acc",
            Assert.Throws<ArgumentException>(() =>
                new ModelCheckpoint(folder.File("{val_acc}.h5")) { Model = model }.OnEpochEnd(0, new Dictionary<string, double>()))
                    .Message);
        Assert.Throws<ArgumentException>(() => new ModelCheckpoint("model.onnx"));
    }

    private static Model Probe()
    {
        var input = Keras.Input(1);
        return new Model(input, new Dense(1, useBias: false).Apply(input));
    }
}
