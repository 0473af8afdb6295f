using System.Buffers.Binary;
using System.Text;
using DistractedDriver.Build;

namespace LibraryTests;

public sealed class ElfSymbolsTests
{
    private const string Names = "\0missing_function\0VERSION_2\0libother.so\0";
    private const int Symbols = 64, Versions = Symbols + 48, Needed = Versions + 4, Text = Needed + 32, Headers = 256;

    [Fact]
    public void Replace_RenamesTheSymbolDropsItsVersionAndMakesThatOptional()
    {
        var file = Library();
        Assert.True(new ElfSymbols(file).Requires("missing_function"));
        new ElfSymbols(file).Replace("missing_function", "present", "VERSION_2");
        Assert.False(new ElfSymbols(file).Requires("missing_function"));

        Assert.Equal("present\0", Encoding.ASCII.GetString(file, Text + 1, 8));
        Assert.Equal(1, BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(Versions + 2)));
        Assert.Equal(2, BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(Needed + 16 + 4)));
        var untouched = Library();
        var changed = Enumerable.Range(0, file.Length).Where(i => file[i] != untouched[i]).ToArray();
        Assert.All(changed, i => Assert.True(i is >= Text + 1 and < Text + 17 or Versions + 2 or Needed + 20, $"byte {i} changed"));
    }

    [Theory]
    [InlineData("other_function", "VERSION_2")]
    [InlineData("missing_function", "VERSION_3")]
    public void Replace_OfWhatTheFileDoesNotAskFor_IsRefused(string symbol, string version) =>
        Assert.Throws<InvalidDataException>(() => new ElfSymbols(Library()).Replace(symbol, "present", version));

    [Fact]
    public void Replace_ByALongerName_IsRefused() =>
        Assert.Throws<ArgumentException>(() =>
            new ElfSymbols(Library()).Replace("missing_function", "a_function_with_a_longer_name", "VERSION_2"));

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(300)]
    public void AFileCutOff_IsRefused(int length) => Assert.Throws<InvalidDataException>(() => new ElfSymbols(Library()[..length]));

    // The least that has dynamic symbols with versions: a null symbol and an undefined one, of version 2 of one library.
    private static byte[] Library()
    {
        var file = new byte[Headers + 5 * 64];
        void Short(int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), (ushort)value);
        void Int(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
        void Section(int i, uint type, int offset, int size, uint link)
        {
            Int(Headers + i * 64 + 4, type);
            Int(Headers + i * 64 + 24, (uint)offset);
            Int(Headers + i * 64 + 32, (uint)size);
            Int(Headers + i * 64 + 40, link);
        }

        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(file, 0);
        Int(40, Headers);
        Short(58, 64);
        Short(60, 5);
        Section(1, 11, Symbols, 48, 4);
        Section(2, 0x6fffffff, Versions, 4, 1);
        Section(3, 0x6ffffffe, Needed, 32, 4);
        Section(4, 3, Text, Names.Length, 0);
        Int(Symbols + 24, 1);
        Short(Versions + 2, 2);
        Short(Needed, 1);
        Short(Needed + 2, 1);
        Int(Needed + 4, 28);
        Int(Needed + 8, 16);
        Short(Needed + 16 + 6, 2);
        Int(Needed + 16 + 8, 18);
        Encoding.ASCII.GetBytes(Names).CopyTo(file, Text);
        return file;
    }
}
