using System.Diagnostics;
using DistractedDriver;
using DistractedDriver.Applications;
using DistractedDriver.Initializers;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using DistractedDriver.Regularizers;
using DistractedDriver.Saving;
using Goldens;
using TorchSharp;

namespace LibraryTests;

public sealed class ModelFileTests
{
    private static readonly Lazy<string?> Python = new(() =>
        new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(python => Run(python, "-c", "import h5py").Code == 0));

    [Theory]
    [InlineData("small", "small_model.h5")]
    [InlineData("small", "small_legacy.weights.legacy.h5")]
    [InlineData("small", "small_keras3.weights.h5")]
    [InlineData("branched", "branched_model.h5")]
    [InlineData("branched", "branched.h5")]
    [InlineData("branched", "branched_keras3.weights.h5")]
    public void Saved_ReadByAnotherLibrary_IsWhatKerasWrote(string name, string file)
    {
        Assert.SkipWhen(Python.Value is null, "It needs Python with h5py (Debian: python3-h5py).");
        using var folder = new TemporaryFolder();
        using var model = FileChecks.Filled(name);
        if (file.EndsWith("_model.h5")) model.Save(folder.File(file));
        else model.SaveWeights(folder.File(file));
        var script = Path.Combine(Golden.Root, "tests", "DistractedDriver.Tests", "Saving", "compare_hdf5.py");
        var (code, output) = Run(Python.Value!, script, folder.File(file), Golden.PathOf($"weights/{file}"));
        Assert.True(code == 0, output);
    }

    [Theory]
    [InlineData("adam_keras2.h5")]
    [InlineData("sgd_nesterov_keras2.h5")]
    public void SavedAgain_ReadByAnotherLibrary_HasWhatTheOptimizerKept(string file)
    {
        Assert.SkipWhen(Python.Value is null, "It needs Python with h5py (Debian: python3-h5py).");
        using var folder = new TemporaryFolder();
        using var model = Keras.LoadModel(Golden.PathOf($"saving/{file}"));
        model.Save(folder.File(file));
        var script = Path.Combine(Golden.Root, "tests", "DistractedDriver.Tests", "Saving", "compare_hdf5.py");
        var (code, output) = Run(Python.Value!, script, folder.File(file), Golden.PathOf($"saving/{file}"));
        Assert.True(code == 0, output);
    }

    [Fact]
    public void LoadWeights_WrittenWithTextOfFixedLength_Loads()
    {
        // The bundled file has such names, as h5py wrote them until its version 3; small_model.h5 has the others.
        using var model = Applications.VGG16(includeTop: false, inputShape: (32, 32, 3), weights: null);
        var before = model.GetLayer("block5_conv3").GetWeights()[1];
        model.LoadWeights(Golden.Vgg16Weights);
        Assert.NotEqual(before, model.GetLayer("block5_conv3").GetWeights()[1]);
    }

    [Fact]
    public void LoadWeights_ByName_LoadsWhatIsSharedAndLeavesTheRest()
    {
        using var folder = new TemporaryFolder();
        using var saved = FileChecks.Filled("small");
        saved.SaveWeights(folder.File("a.h5"));
        var input = Keras.Input((8, 8, 3));
        var x = new Conv2D(4, 3, padding: "same", name: "block1_conv1").Apply(input);
        using var other = new Model(input, new Dense(2, name: "mine").Apply(new Flatten().Apply(x)));
        var mine = other.GetLayer("mine").GetWeights();

        other.LoadWeights(folder.File("a.h5"), byName: true);

        Assert.Equal(saved.GetLayer("block1_conv1").GetWeights(), other.GetLayer("block1_conv1").GetWeights());
        Assert.Equal(mine, other.GetLayer("mine").GetWeights());
        Assert.Contains("another network",
            Assert.Throws<InvalidDataException>(() => other.LoadWeights(Golden.PathOf("weights/branched.h5"))).Message);
        Assert.Contains("byName",
            Assert.Throws<ArgumentException>(() => other.LoadWeights(Golden.PathOf("weights/small_keras3.weights.h5"), byName: true))
                .Message);
    }

    [Theory]
    [InlineData("a.h5")]
    [InlineData("a.weights.h5")]
    public void Weights_OfAModelWithinAModel_ComeBackWhateverIsFrozen(string file)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = Nested();
        model.GetLayer("inner").Trainable = false;
        model.SaveWeights(folder.File(file));
        using var other = Nested();

        other.LoadWeights(folder.File(file));

        Assert.Equal(model.GetWeights(), other.GetWeights());
    }

    [Fact]
    public void Save_OfModelsWithinModels_ComesBackWithNamesFrozenLayersAndCalls()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = Nested();
        model.GetLayer("inner").Trainable = false;
        model.Save(folder.File("a.h5"));

        using var loaded = Keras.LoadModel(folder.File("a.h5"));

        var x = torch.rand(3, 6, 6, 2);
        Assert.Equal(model.Predict(x).data<float>().ToArray(), loaded.Predict(x).data<float>().ToArray());
        Assert.Equal(model.GetConfig().ToJsonString(), loaded.GetConfig().ToJsonString());
        Assert.Equal(2, loaded.TrainableWeights.Count);
        Assert.IsType<Sequential>(loaded);
    }

    [Fact]
    public void Save_OfEveryApplication_ComesBack()
    {
        using var folder = new TemporaryFolder();
        foreach (var model in new[] { Applications.ResNet50(weights: null, includeTop: false, inputShape: (32, 32, 3)),
            Applications.MobileNetV2(weights: null) })
        {
            using (model)
            {
                model.Save(folder.File("a.h5"));
                using var loaded = Keras.LoadModel(folder.File("a.h5"));
                Assert.Equal(model.GetConfig().ToJsonString(), loaded.GetConfig().ToJsonString());
                Assert.Equal(model.Weights[^1].ToArray(), loaded.Weights[^1].ToArray());
            }
        }
    }

    [Theory]
    [InlineData("a.h5")]
    [InlineData("a.keras")]
    [InlineData("a.weights.h5")]
    public void Saved_WithLayersOfOneNameInBranches_ComesBackWhole(string file)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = new Sequential([SavingChecks.TwoBranches()]);
        model.Compile("adam", "mse");
        var (x, y) = (torch.rand(4, 8, 8, 3), torch.rand(4, 4));
        model.Fit(x, y, shuffle: false, verbose: 0);
        using var other = new Sequential([SavingChecks.TwoBranches()]);
        if (file == "a.weights.h5")
        {
            model.SaveWeights(folder.File(file));
            other.LoadWeights(folder.File(file));
            Assert.Equal(model.GetWeights(), other.GetWeights());
            return;
        }
        model.Save(folder.File(file));

        using var loaded = Keras.LoadModel(folder.File(file));

        Assert.Equal(model.GetWeights(), loaded.GetWeights());
        Assert.Equal(1, loaded.Optimizer.Iterations);
        Assert.Equal(model.Fit(x, y, shuffle: false, verbose: 0)["loss"], loaded.Fit(x, y, shuffle: false, verbose: 0)["loss"]);
        Assert.Equal(model.GetWeights(), loaded.GetWeights());
    }

    [Fact]
    public void ModelFromJson_InTheWordsOfKeras20_BuildsTheNetwork()
    {
        // A list of layers, the first of which says what goes in; an initializer and a regularizer by the classes of that time.
        using var model = Keras.ModelFromJson("""
            {"class_name": "Sequential", "keras_version": "2.0.8", "backend": "tensorflow", "config": [
              {"class_name": "Dense", "config": {"name": "dense_1", "trainable": true, "batch_input_shape": [null, 4], "dtype": "float32",
                "units": 2, "activation": "relu", "use_bias": true, "kernel_initializer": {"class_name": "VarianceScaling",
                  "config": {"scale": 2.0, "mode": "fan_in", "distribution": "normal", "seed": null}},
                "bias_initializer": {"class_name": "Zeros", "config": {}},
                "kernel_regularizer": {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.01}}, "bias_regularizer": null,
                "activity_regularizer": null, "kernel_constraint": null, "bias_constraint": null}},
              {"class_name": "Dropout",
                  "config": {"name": "dropout_1", "trainable": true, "rate": 0.5, "noise_shape": null, "seed": null}}]}
            """);
        Assert.Equal("(None, 4)", model.Input.Shape.ToString());
        Assert.Equal(["dense_1", "dropout_1"], model.Layers.Select(layer => layer.Name));
        Assert.Equal(10, model.CountParams());
    }

    [Fact]
    public void ToJson_BuildsTheSameNetwork()
    {
        using var model = Nested();
        var json = System.Text.Json.Nodes.JsonNode.Parse(model.ToJson())!.AsObject();
        Assert.Equal(["class_name", "config", "keras_version", "backend"], json.Select(entry => entry.Key));

        using var built = Keras.ModelFromJson(model.ToJson());

        Assert.Equal(model.ToJson(), built.ToJson());
        Assert.Equal(model.CountParams(), built.CountParams());
        Assert.Contains("JSON", Assert.Throws<InvalidDataException>(() => Keras.ModelFromJson("{")).Message);
        Assert.Contains("not as Keras writes it",
            Assert.Throws<InvalidDataException>(() => Keras.ModelFromJson("{\"class_name\":\"Functional\"}")).Message);
    }

    [Theory]
    [InlineData("adam_keras2.h5", "adam_keras3.keras")]
    [InlineData("adam_nested_keras2.h5", "adam_nested_keras3.h5")]
    public void ToJson_OfOneNetworkInFilesOfBothKeras_IsTheSame(string one, string other)
    {
        using var ours = Keras.LoadModel(Golden.PathOf($"saving/{one}"));
        using var theirs = Keras.LoadModel(Golden.PathOf($"saving/{other}"));
        Assert.Equal(ours.ToJson(), theirs.ToJson());
    }

    [Theory]
    [InlineData("a.h5")]
    [InlineData("a.keras")]
    public void Saved_WithAModelAppliedTwice_ComesBackWithBothCalls(string file)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var inside = Keras.Input(4);
        using var shared = new Model(inside, new Dense(4, activation: "tanh").Apply(inside), name: "shared");
        var input = Keras.Input(4);
        var once = shared.Apply(input);
        using var model = new Model(input, [new Add().Apply([once, shared.Apply(once, training: false)]), shared.Apply(once)]);
        model.Save(folder.File(file));

        using var loaded = Keras.LoadModel(folder.File(file));

        var x = torch.rand(3, 4);
        Assert.Equal(
            model.PredictOutputs(x).Select(output => output.data<float>().ToArray()),
            loaded.PredictOutputs(x).Select(output => output.data<float>().ToArray()));
        Assert.Equal(model.GetConfig().ToJsonString(), loaded.GetConfig().ToJsonString());
    }

    [Theory]
    [InlineData("\"channels_last\"", "\"channels_first\"", "channels_first")]
    [InlineData("\"class_name\":\"Flatten\"", "\"class_name\":\"GRU\"", "GRU")]
    [InlineData("\"relu\"", "\"crelu\"", "crelu")]
    public void LoadModel_OfWhatIsNotHere_NamesIt(string ours, string theirs, string named)
    {
        using var folder = new TemporaryFolder();
        using var model = FileChecks.Filled("small");
        var file = new PureHDF.H5File { ["model_weights"] = new PureHDF.H5Group() };
        Keras2Layout.Write((PureHDF.H5Group)file["model_weights"], []);
        var config = model.GetConfig().ToJsonString().Replace(ours, theirs);
        file.Attributes["model_config"] = $$"""{"class_name":"Functional","config":{{config}}}""";
        file.Write(folder.File("a.h5"));

        var error = Assert.Throws<InvalidDataException>(() => Keras.LoadModel(folder.File("a.h5")));

        Assert.Contains(named, error.Message);
        Assert.Contains(folder.File("a.h5"), error.Message);
    }

    [Fact]
    public void Files_ThatAreNoModels_AreRefusedByName()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.keras"), "no archive");
        Assert.Contains("a.keras", Assert.Throws<InvalidDataException>(() => Keras.LoadModel(folder.File("a.keras"))).Message);
        Assert.Contains("LoadWeights",
            Assert.Throws<InvalidDataException>(() => Keras.LoadModel(Golden.PathOf("weights/branched.h5"))).Message);
        Assert.Throws<FileNotFoundException>(() => Keras.LoadModel(folder.File("b.keras")));
        using var model = FileChecks.Filled("small");
        Assert.Contains(".h5", Assert.Throws<ArgumentException>(() => model.Save(folder.File("a.onnx"))).Message);
        Directory.CreateDirectory(folder.File("taken.h5"));
        Assert.Contains("taken.h5", Assert.Throws<IOException>(() => model.Save(folder.File("taken.h5"))).Message);
        Assert.Equal(["a.keras"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    private static Sequential Nested()
    {
        var input = Keras.Input((6, 6, 2), name: "inside");
        var x = new BatchNormalization(name: "bn").Apply(new Conv2D(3, 3, name: "conv").Apply(input));
        x = new Conv2D(3, 1, name: "last")
            .Apply(new Add(name: "twice").Apply([x, new Activation("relu", name: "relu").Apply(x, training: false)]));
        var inner = new Model(input, x, name: "inner");
        return new Sequential(
            [inner, new GlobalAveragePooling2D(name: "mean"),
                new Dense(2, kernelRegularizer: new L2(0.1f), kernelInitializer: new HeNormal(3), name: "head")], name: "outer");
    }

    private static (int Code, string Output) Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + error.Result);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (-1, missing.Message);
        }
    }
}
