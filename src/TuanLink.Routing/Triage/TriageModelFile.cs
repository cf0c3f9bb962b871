using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TuanLink.Routing.Triage.Acts;
using TuanLink.Routing.Triage.Danger;
using TuanLink.Routing.Triage.Learning;

namespace TuanLink.Routing.Triage;

/// <summary>Keeps a learned model on disk under the hash of its seeds and the version of the code, so that a restart loads
/// it instead of learning again. A file that is damaged or from other code is as good as none.</summary>
internal sealed class TriageModelFile(string folder, string contentHash)
{
    private const int Magic = 0x544C_5453; // "STLT"

    // Changes with every change of the code: a deterministic build gives the same code the same id.
    private static readonly string CodeVersion = typeof(TriageModelFile).Module.ModuleVersionId.ToString("N");

    private string FilePath => Path.Combine(folder, $"triage-{contentHash[..16]}-{CodeVersion[..12]}.model");

    /// <summary>The kept model, or null when there is none that can be trusted.</summary>
    public TriageModel? Load()
    {
        try
        {
            if (!File.Exists(FilePath)) return null;
            // Read twice from the system's cache rather than held in memory whole beside the model.
            using var file = new FileStream(FilePath, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16);
            var hash = new byte[32];
            if (file.Length < 36 || file.ReadAtLeast(hash, 32) < 32 || !SHA256.HashData(file).AsSpan().SequenceEqual(hash)) return null;
            file.Position = 32;
            using var reader = new BinaryReader(file);
            return reader.ReadInt32() == Magic ? Read(reader) : null;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps a model and removes those of other seeds or code. A folder that cannot be written costs only the
    /// next start's time.</summary>
    public void Save(TriageModel model)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var bytes = Bytes(model);
            var written = FilePath + "." + Guid.NewGuid().ToString("N")[..8];
            File.WriteAllBytes(written, bytes);
            File.Move(written, FilePath, overwrite: true);
            foreach (var old in Directory.GetFiles(folder, "triage-*.model"))
                if (old != FilePath) File.Delete(old);
        }
        catch (IOException)
        {
            // kept for speed only
        }
        catch (UnauthorizedAccessException)
        {
            // kept for speed only
        }
    }

    /// <summary>The model as bytes: a hash of what follows, then the numbers. The same model gives the same bytes.</summary>
    public static byte[] Bytes(TriageModel model)
    {
        using var stream = new MemoryStream();
        stream.Write(new byte[32]);
        using var writer = new BinaryWriter(stream);
        writer.Write(Magic);
        var linear = model.Linear;
        WriteArray<uint>(writer, linear.Vocabulary.Keys);
        WriteArray<float>(writer, linear.Vocabulary.Weights);
        WriteArray<ushort>(writer, linear.Weights.Rows);
        WriteArray<float>(writer, linear.Weights.Biases);
        writer.Write(linear.Heads.Length);
        foreach (var head in linear.Heads)
        {
            writer.Write(head.Name);
            writer.Write(head.Offset);
            writer.Write(head.Answers);
            writer.Write(head.Calibration.Slope);
            WriteArray<float>(writer, head.Calibration.Shift);
            writer.Write(head.Calibration.Doubt);
        }
        WriteArray<float>(writer, model.Turns.Weights);
        WriteArray<float>(writer, model.Dangers.Network.Weights);
        writer.Write(model.Dangers.Gate);
        writer.Flush();
        var bytes = stream.ToArray();
        SHA256.HashData(bytes.AsSpan(32), bytes);
        return bytes;
    }

    private static TriageModel Read(BinaryReader reader)
    {
        var vocabulary = new Vocabulary(ReadArray<uint>(reader), ReadArray<float>(reader));
        var weights = new PackedWeights(ReadArray<ushort>(reader), ReadArray<float>(reader));
        var heads = new LearnedHead[reader.ReadInt32()];
        for (var h = 0; h < heads.Length; h++)
            heads[h] = new LearnedHead(reader.ReadString(), reader.ReadInt32(), reader.ReadInt32(),
                new Calibration(reader.ReadSingle(), ReadArray<float>(reader), reader.ReadSingle()));
        return new TriageModel(new LinearModel(new FeatureReader(TriageModel.Reading), vocabulary, weights, heads),
            TurnLessons.NetworkOf(ReadArray<float>(reader)), new DangerWeights(DangerWeights.NetworkOf(ReadArray<float>(reader)), reader.ReadSingle()));
    }

    private static void WriteArray<T>(BinaryWriter writer, ReadOnlySpan<T> values) where T : unmanaged
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values));
    }

    private static T[] ReadArray<T>(BinaryReader reader) where T : unmanaged
    {
        var values = new T[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
