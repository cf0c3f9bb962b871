using System.Text;

namespace TuanLink.Journeys.Attachments;

/// <summary>Small true files of each kind, made by hand from their formats.</summary>
public static class Samples
{
    /// <summary>A red dot.</summary>
    public static byte[] Png { get; } = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==");

    /// <summary>The beginning of a photograph, as long as asked.</summary>
    public static byte[] Jpeg(int length = 2000)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
            bytes[i] = (byte)(i * 31 + i / 251);
        new byte[] { 0xFF, 0xD8, 0xFF, 0xE0 }.CopyTo(bytes, 0);
        return bytes;
    }

    /// <summary>Eight thousand samples of silence: one second.</summary>
    public static byte[] Wav { get; } =
    [
        .. "RIFF"u8, .. BitConverter.GetBytes(36 + 8000), .. "WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 1, 0, .. BitConverter.GetBytes(8000), .. BitConverter.GetBytes(8000), 1, 0, 8, 0,
        .. "data"u8, .. BitConverter.GetBytes(8000), .. Enumerable.Repeat((byte)128, 8000),
    ];

    /// <summary>What WeChat records: a header and one frame of silence.</summary>
    public static byte[] Amr { get; } = [.. "#!AMR\n"u8, 0x3C, .. new byte[31]];

    public static byte[] Pdf { get; } = Encoding.ASCII.GetBytes("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");

    public static byte[] Html { get; } = Encoding.UTF8.GetBytes("<!doctype html><script>alert(1)</script>");

    public static byte[] Svg { get; } = Encoding.UTF8.GetBytes("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>");
}
