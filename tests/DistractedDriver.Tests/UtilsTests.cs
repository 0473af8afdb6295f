using DistractedDriver;
using Goldens;
using TorchSharp;

namespace LibraryTests;

public sealed class UtilsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void SaveImg_AsPng_LoadsAgainAsItWas(int channels)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var x = torch.tensor(Golden.Draw(7, 5 * 6 * channels, 0, 255), [5, 6, channels]).floor();
        Keras.Utils.SaveImg(folder.File("a.png"), x, scale: false);
        var mode = channels == 1 ? "grayscale" : channels == 3 ? "rgb" : "rgba";
        Assert.Equal(x.data<float>().ToArray(),
            Keras.Utils.ImgToArray(Keras.Utils.LoadImg(folder.File("a.png"), mode)).data<float>().ToArray());
    }

    [Fact]
    public void ArrayToImg_Scaled_GoesFromBlackToWhite()
    {
        using var scope = torch.NewDisposeScope();
        var image = Keras.Utils.ArrayToImg(torch.tensor([-2f, 0f, 2f], [1, 3, 1]));
        Assert.Equal([0f, 127f, 255f], Keras.Utils.ImgToArray(image).data<float>().ToArray());
        Assert.Contains("scale: true",
            Assert.Throws<ArgumentException>(() => Keras.Utils.ArrayToImg(torch.tensor([-2f, 0f, 2f], [1, 3, 1]), scale: false)).Message);
        Assert.Contains(".gif", Assert.Throws<ArgumentException>(() => Keras.Utils.SaveImg("a.gif", torch.zeros(1, 1, 3))).Message);
    }

    [Fact]
    public void ToCategorical_OfNumbers_IsOneHot()
    {
        using var scope = torch.NewDisposeScope();
        Assert.Equal([0f, 0, 1, 1, 0, 0], Keras.Utils.ToCategorical([2, 0]).data<float>().ToArray());
        Assert.Equal([2L, 5], Keras.Utils.ToCategorical([2, 0], 5).shape);
        Assert.Contains("3", Assert.Throws<ArgumentException>(() => Keras.Utils.ToCategorical([3], 3)).Message);
    }

    [Fact]
    public void LoadImg_OfNoImage_NamesTheFile()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.jpg"), "no image");
        Assert.Contains("a.jpg", Assert.Throws<InvalidDataException>(() => Keras.Utils.LoadImg(folder.File("a.jpg"))).Message);
        Assert.Contains("b.jpg", Assert.Throws<FileNotFoundException>(() => Keras.Utils.LoadImg(folder.File("b.jpg"))).Message);
    }
}
