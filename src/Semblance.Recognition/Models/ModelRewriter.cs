using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Semblance.Numerics;
using Semblance.Onnx;
using Semblance.Recognition.Models.Rewriting;

namespace Semblance.Recognition.Models;

/// <summary>
/// Turns a model into an equal one that ONNX Runtime computes faster on the CPU: without PRelu, and with a free batch where it was fixed at 1.
/// Each change is tried on noise against the model as it was, and kept only where the outputs agree.
/// </summary>
public static class ModelRewriter
{
    /// <summary>The largest difference of an output, where outputs are around 1; larger outputs are measured by their size.</summary>
    public const float Tolerance = 1e-4f;

    private const int Trials = 3;

    /// <summary>Rewrites a model.</summary>
    /// <param name="model">The content of an ONNX file with one float32 input.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <returns>The rewritten model, or the given one where nothing could be improved.</returns>
    /// <exception cref="SemblanceException">The bytes are no ONNX model, ONNX Runtime cannot load them, or the weights lie in another file.</exception>
    public static RewrittenModel Rewrite(ReadOnlyMemory<byte> model, string source)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ModelProto proto = Parse(model, source);
        GraphTidying.FixConstants(proto);
        float[][] expected = Outputs(proto, source, 1);
        int replaced = PReluRemoval.Apply(proto);
        float difference = 0;
        if (replaced > 0)
        {
            GraphTidying.DropUnread(proto.Graph);
            difference = Difference(expected, Outputs(proto, source, 1));
            if (!(difference <= Tolerance))
            {
                proto = Parse(model, source);
                GraphTidying.FixConstants(proto);
                (replaced, difference) = (0, 0);
            }
        }

        ModelProto free = proto.Clone();
        bool freed = BatchRelease.Apply(free) && AgreesInBatches(free, expected, source);
        if (freed)
        {
            GraphTidying.DropUnread(free.Graph);
        }

        return new RewrittenModel(freed ? free : proto, replaced, freed, difference);
    }

    /// <summary>Reads the bytes of an ONNX file.</summary>
    internal static ModelProto Parse(ReadOnlyMemory<byte> model, string source)
    {
        ModelProto proto;
        try
        {
            proto = ModelProto.Parser.ParseFrom(model.Span);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new SemblanceException($"{source}: is no ONNX file, or is damaged.", e);
        }

        if (proto.Graph is null || proto.Graph.Node.Count == 0)
        {
            throw new SemblanceException($"{source}: is no ONNX file: it holds no graph.");
        }

        return proto.Graph.Initializer.Any(tensor => tensor.DataLocation == TensorProto.Types.Location.External)
            ? throw new SemblanceException($"{source}: keeps its weights in another file; expected one file with everything in it.")
            : proto;
    }

    private static bool AgreesInBatches(ModelProto free, float[][] expected, string source)
    {
        try
        {
            return Difference(expected, Outputs(free, source, Trials)) <= Tolerance;
        }
        catch (SemblanceException)
        {
            return false;
        }
    }

    /// <summary>The first output for each of the trial images, computed <paramref name="batch"/> at a time.</summary>
    private static float[][] Outputs(ModelProto model, string source, int batch)
    {
        using InferenceSession session = OnnxSessions.Open(model.ToByteArray(), source, 1);
        NodeMetadata input = session.InputMetadata[session.InputNames[0]];
        if (!input.IsTensor || input.ElementDataType != Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float || session.InputNames.Count != 1)
        {
            throw new SemblanceException($"{source}: cannot be rewritten: expected a model with one float32 input.");
        }

        // A free height or width may be anything that the network's strides divide.
        long[] shape = [batch, .. input.Dimensions.Skip(1).Select(extent => extent > 0 ? extent : 128L)];
        int length = (int)shape.Skip(1).Aggregate(1L, (count, extent) => count * extent);
        using var options = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        var outputs = new List<float[]>();
        for (int trial = 0; trial < Trials; trial += batch)
        {
            float[] values = [.. Enumerable.Range(trial, batch).SelectMany(image => Noise(image, length))];
            using OrtValue value = OrtValue.CreateTensorValueFromMemory(values, shape);
            try
            {
                using IDisposableReadOnlyCollection<OrtValue> result = session.Run(options, session.InputNames, [value], session.OutputNames);
                float[][] each = [.. result.Select(output => output.GetTensorDataAsSpan<float>().ToArray())];
                for (int image = 0; image < batch; image++)
                {
                    outputs.Add([.. each.SelectMany(output => output.AsSpan(output.Length / batch * image, output.Length / batch).ToArray())]);
                }
            }
            catch (OnnxRuntimeException e)
            {
                throw new SemblanceException($"{source}: the model fails on an image of noise: {OnnxSessions.FirstLine(e)}", e);
            }
        }

        return [.. outputs];
    }

    private static float[] Noise(int image, int length)
    {
        var random = new CountedRandom((ulong)image + 1);
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = (float)random.NextDouble(-1, 1);
        }

        return values;
    }

    private static float Difference(float[][] expected, float[][] actual)
    {
        float worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            if (actual[i].Length != expected[i].Length)
            {
                return float.PositiveInfinity;
            }

            float size = Math.Max(1, expected[i].Max(Math.Abs));
            for (int j = 0; j < expected[i].Length; j++)
            {
                float difference = Math.Abs(expected[i][j] - actual[i][j]) / size;
                worst = difference > worst || float.IsNaN(difference) ? difference : worst;
            }
        }

        return worst;
    }
}
