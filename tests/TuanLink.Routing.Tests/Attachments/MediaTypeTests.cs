using System.Text;
using TuanLink.Routing.Attachments;

namespace TuanLink.Routing.Tests.Attachments;

public sealed class MediaTypeTests
{
    private static byte[] Box(string brand, string rest = "") => [0, 0, 0, 24, .. Encoding.Latin1.GetBytes("ftyp" + brand + "\0\0\0\0" + rest)];
    private static string Handler(string kind) => "\0\0\0\u0020hdlr\0\0\0\0\0\0\0\0" + kind;

    // MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes a frame.
    private static byte[] Mp3 { get; } = [0xFF, 0xFB, 0x90, 0x00, .. new byte[413], 0xFF, 0xFB, 0x90, 0x00, .. new byte[413]];

    // ADTS, 7 bytes of header in a frame of 20.
    private static byte[] Aac { get; } = [0xFF, 0xF1, 0x50, 0x80, 0x02, 0x9F, 0xFC, .. new byte[13], 0xFF, 0xF1, 0x50, 0x80, 0x02, 0x9F, 0xFC, .. new byte[13]];

    private static byte[] Webm(string codec) => [0x1A, 0x45, 0xDF, 0xA3, .. Encoding.Latin1.GetBytes("\u009f\u0042\u0082\u0084webm....." + codec + "....")];
    private static byte[] Ogg(string codec) => [.. "OggS"u8, .. new byte[24], .. Encoding.Latin1.GetBytes(codec), .. new byte[20]];

    public static TheoryData<string, byte[], string?> Files() => new()
    {
        { "photograph", [0xFF, 0xD8, 0xFF, 0xE1, 0, 0], "image/jpeg" }, { "png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], "image/png" }, { "gif", "GIF89a...."u8.ToArray(), "image/gif" },
        { "webp", "RIFF\0\0\0\0WEBPVP8 "u8.ToArray(), "image/webp" }, { "heic", Box("heic"), "image/heic" }, { "wav", "RIFF\0\0\0\0WAVEfmt "u8.ToArray(), "audio/wav" }, { "avi", "RIFF\0\0\0\0AVI LIST"u8.ToArray(), null },
        { "voice memo", Box("M4A "), "audio/mp4" }, { "recorded in Safari", Box("iso5", Handler("soun")), "audio/mp4" }, { "film", Box("isom", Handler("soun") + Handler("vide")), null }, { "film without sound", Box("mp42", Handler("vide")), null },
        { "mp3", Mp3, "audio/mpeg" }, { "mp3 with tags", [.. "ID3"u8, 4, 0, 0, 0, 0, 1, 0], "audio/mpeg" }, { "aac", Aac, "audio/aac" }, { "amr", "#!AMR\n\u003c"u8.ToArray(), "audio/amr" },
        { "opus", Ogg("OpusHead"), "audio/ogg" }, { "vorbis", Ogg("\u0001vorbis"), "audio/ogg" }, { "theora", Ogg("\u0080theora"), null },
        { "recorded in Chromium", Webm("A_OPUS"), "audio/webm" }, { "film of Chromium", Webm("A_OPUS V_VP9"), null }, { "pdf", "%PDF-1.7"u8.ToArray(), "application/pdf" },
        { "page", "<!doctype html><script>"u8.ToArray(), null }, { "svg", "<svg xmlns="u8.ToArray(), null }, { "program", "MZ\u0090\0"u8.ToArray(), null }, { "zip", [0x50, 0x4B, 3, 4], null }, { "text", "普通文字"u8.ToArray(), null },
        { "two lucky bytes", [0xFF, 0xFB, 0x90, 0x00, .. new byte[600]], null }, { "two lucky bytes of aac", [0xFF, 0xF1, 0x50, 0x80, 0x02, 0x9F, 0xFC, .. new byte[600]], null },
        { "nothing", [], null }, { "one byte", [0xFF], null }, { "page after a space", "  %PDF-"u8.ToArray(), null },
    };

    [Theory, MemberData(nameof(Files))]
    public void What_a_file_is_stands_in_its_first_bytes(string what, byte[] bytes, string? type) => Assert.True(MediaTypes.Of(bytes) == type, $"{what}: {MediaTypes.Of(bytes) ?? "none"}");

    [Fact]
    public void No_beginning_of_a_file_and_no_noise_makes_it_fail()
    {
        var random = new Random(20261121);
        foreach (byte[] file in new[] { Mp3, Aac, Webm("A_OPUS"), Ogg("OpusHead"), Box("isom", Handler("soun")) })
            for (int length = 0; length <= file.Length; length++)
                MediaTypes.Of(file.AsSpan(0, length));
        for (int i = 0; i < 3000; i++)
        {
            byte[] noise = new byte[random.Next(64)];
            random.NextBytes(noise);
            if (noise.Length > 1 && i % 2 == 0)
                noise[0] = 0xFF;
            MediaTypes.Of(noise);
        }
    }

    [Theory]
    [InlineData("工资条.jpg", "工资条.jpg")]
    [InlineData("C:\\照片\\a.png", "a.png")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("照片\u202egpj.exe", "照片gpj.exe")]
    [InlineData("a\r\nSet-Cookie: x.png", "aSet-Cookie x.png")]
    [InlineData("<b>\"x\"</b>.png", "b.png")]
    [InlineData("👩‍🎓 录取.pdf", "👩🎓 录取.pdf")]
    [InlineData("...", "附件")]
    [InlineData(" ", "附件")]
    [InlineData(null, "附件")]
    public void A_name_is_cleaned(string? given, string clean) => Assert.Equal(clean, FileNames.Clean(given));

    [Fact]
    public void A_long_name_keeps_its_ending_and_a_false_ending_gets_the_true_one()
    {
        string clean = FileNames.Clean(new string('长', 300) + "😀.pdf");
        Assert.Equal((100, true), (clean.Length, clean.EndsWith("….pdf", StringComparison.Ordinal)));
        Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(FileNames.Clean(string.Concat(Enumerable.Repeat("😀", 200))))));
        Assert.Equal(("a.JPG", "a.html.jpg", "附件.pdf", "x.opus"), (FileNames.ForSaving("a.JPG", "image/jpeg"), FileNames.ForSaving("a.html", "image/jpeg"), FileNames.ForSaving("附件", "application/pdf"), FileNames.ForSaving("x.opus", "audio/ogg")));
    }
}
