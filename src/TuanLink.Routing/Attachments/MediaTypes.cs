using System.Buffers.Binary;

namespace TuanLink.Routing.Attachments;

/// <summary>
/// What a file is, read from its first bytes and from nothing else: what its sender called it decides nothing. Only kinds that a cadre can
/// look at or listen to are known: photographs, recordings, PDF.
/// </summary>
public static class MediaTypes
{
    private static readonly Dictionary<string, string[]> Endings = new(StringComparer.Ordinal)
    {
        ["image/jpeg"] = [".jpg", ".jpeg"], ["image/png"] = [".png"], ["image/gif"] = [".gif"], ["image/webp"] = [".webp"], ["image/heic"] = [".heic", ".heif"],
        ["audio/mpeg"] = [".mp3"], ["audio/mp4"] = [".m4a", ".mp4"], ["audio/aac"] = [".aac"], ["audio/amr"] = [".amr"], ["audio/ogg"] = [".ogg", ".oga", ".opus"],
        ["audio/webm"] = [".webm", ".weba"], ["audio/wav"] = [".wav"], ["application/pdf"] = [".pdf"],
    };

    private static readonly string[] HeicBrands = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"];
    private static readonly string[] SoundBrands = ["M4A ", "M4B "];

    /// <summary>How many of the first bytes are looked at, at most.</summary>
    public const int Looked = 64 * 1024;

    /// <summary>The endings of a kind's file names, the usual one first.</summary>
    public static IReadOnlyList<string> EndingsOf(string mediaType) => Endings.GetValueOrDefault(mediaType, []);

    /// <summary>What every browser shows as a picture.</summary>
    public static bool IsPicture(string mediaType) => mediaType is "image/jpeg" or "image/png" or "image/gif" or "image/webp";

    /// <summary>What browsers play; AMR, in which WeChat records, none of them does.</summary>
    public static bool IsSound(string mediaType) => mediaType.StartsWith("audio/", StringComparison.Ordinal) && mediaType != "audio/amr";

    /// <summary>Shown in a page; anything else is only saved.</summary>
    public static bool IsShown(string mediaType) => IsPicture(mediaType) || IsSound(mediaType);

    /// <returns>None if it is no kind we take.</returns>
    public static string? Of(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes.Length > Looked ? bytes[..Looked] : bytes;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return "image/jpeg";
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]))
            return "image/png";
        if (bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8))
            return "image/gif";
        if (bytes.StartsWith("%PDF-"u8))
            return "application/pdf";
        if (bytes.StartsWith("#!AMR\n"u8) || bytes.StartsWith("#!AMR-WB\n"u8))
            return "audio/amr";
        if (bytes.Length >= 12 && bytes.StartsWith("RIFF"u8))
            return bytes[8..].StartsWith("WEBP"u8) ? "image/webp" : bytes[8..].StartsWith("WAVE"u8) ? "audio/wav" : null;
        if (bytes.StartsWith("OggS"u8))
            return bytes.Length > 36 && (bytes[28..].StartsWith("OpusHead"u8) || bytes[28..].StartsWith("\u0001vorbis"u8)) ? "audio/ogg" : null;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]))
            return IsSoundOfWebm(bytes) ? "audio/webm" : null;
        if (bytes.Length >= 12 && bytes[4..].StartsWith("ftyp"u8))
            return InBoxes(bytes);
        if (bytes.StartsWith("ID3"u8))
            return bytes.Length >= 10 && bytes[3] is >= 2 and <= 4 && (bytes[6] | bytes[7] | bytes[8] | bytes[9]) < 0x80 ? "audio/mpeg" : null;
        if (bytes.Length >= 7 && bytes[0] == 0xFF && (bytes[1] & 0xF6) == 0xF0)
            return IsAac(bytes) ? "audio/aac" : null;
        return IsMp3(bytes) ? "audio/mpeg" : null;
    }

    // One container for photographs, sound and films: the brand tells, or else which tracks are announced.
    private static string? InBoxes(ReadOnlySpan<byte> bytes)
    {
        string brand = System.Text.Encoding.Latin1.GetString(bytes.Slice(8, 4));
        if (Array.IndexOf(HeicBrands, brand) >= 0)
            return "image/heic";
        if (Array.IndexOf(SoundBrands, brand) >= 0)
            return "audio/mp4";
        return HasTrack(bytes, "soun"u8) && !HasTrack(bytes, "vide"u8) ? "audio/mp4" : null;
    }

    // A track's handler box: its name, then version and flags (4), nothing (4), the kind (ISO 14496-12).
    private static bool HasTrack(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> kind)
    {
        for (int at; (at = bytes.IndexOf("hdlr"u8)) >= 0; bytes = bytes[(at + 4)..])
            if (bytes.Length >= at + 16 && bytes.Slice(at + 12, 4).SequenceEqual(kind))
                return true;
        return false;
    }

    // What a browser records has its codecs' names before the first sound.
    private static bool IsSoundOfWebm(ReadOnlySpan<byte> bytes) => bytes.IndexOf("webm"u8) is > 0 and < 64
        && (bytes.IndexOf("A_OPUS"u8) > 0 || bytes.IndexOf("A_VORBIS"u8) > 0) && bytes.IndexOf("V_VP"u8) < 0 && bytes.IndexOf("V_AV1"u8) < 0 && bytes.IndexOf("V_MPEG"u8) < 0;

    // Two bytes prove little: the next frame must stand where the first says it does.
    private static bool IsAac(ReadOnlySpan<byte> bytes)
    {
        int length = (bytes[3] & 3) << 11 | bytes[4] << 3 | bytes[5] >> 5;
        return length >= 7 && (bytes.Length < length + 2 ? bytes.Length == length : bytes[length] == 0xFF && (bytes[length + 1] & 0xF6) == 0xF0);
    }

    private static bool IsMp3(ReadOnlySpan<byte> bytes)
    {
        int length = bytes.Length >= 4 ? Mp3Frame(BinaryPrimitives.ReadUInt32BigEndian(bytes)) : 0;
        return length > 4 && (bytes.Length < length + 4 ? bytes.Length == length : Mp3Frame(BinaryPrimitives.ReadUInt32BigEndian(bytes[length..])) > 0);
    }

    private static readonly int[] Rates1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0];
    private static readonly int[] Rates2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0];
    private static readonly int[] Samples = [44100, 48000, 32000, 0];

    /// <summary>The length of a layer III frame in bytes from its header (ISO 11172-3); 0 if it is none.</summary>
    private static int Mp3Frame(uint header)
    {
        uint version = header >> 19 & 3, layer = header >> 17 & 3;
        if (header >> 21 != 0x7FF || version == 1 || layer != 1)
            return 0;
        bool isFirst = version == 3;
        int rate = (isFirst ? Rates1 : Rates2)[header >> 12 & 15], samples = Samples[header >> 10 & 3] >> (isFirst ? 0 : version == 2 ? 1 : 2);
        return rate == 0 || samples == 0 ? 0 : (isFirst ? 144_000 : 72_000) * rate / samples + (int)(header >> 9 & 1);
    }
}
