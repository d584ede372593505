using System.Text.Json.Nodes;

namespace Semblance.Laboratory.Tests.Checking;

/// <summary>A case of softmax that can be worked out by hand, in a folder of its own, to be spoilt by a test.</summary>
internal sealed class SmallCase : IDisposable
{
    public SmallCase() => Directory.CreateDirectory(Folder);

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"semblance-case-{Guid.NewGuid():N}");

    public string File => Path.Combine(Folder, "small.json");

    /// <summary>Two samples at the origin, so that all logits are the biases 0: loss ln 2, no gradient for the weights.</summary>
    public JsonObject Json { get; } = JsonNode.Parse("""
        {
          "loss": "softmax", "case": "linear__small", "hyperparameters": {"bias": true}, "batch": 2, "dim": 2, "classes": 2,
          "embeddings": [[0, 0], [0, 0]], "labels": [0, 0], "weights": [[1, 0], [0, 1]], "bias": [0, 0],
          "expected": {
            "loss": 0.693147180559945, "grad_embeddings": [[-0.25, 0.25], [-0.25, 0.25]],
            "grad_weights": [[0, 0], [0, 0]], "grad_bias": [-0.5, 0.5]
          }
        }
        """)!.AsObject();

    /// <summary>Writes it.</summary>
    public string Write()
    {
        System.IO.File.WriteAllText(File, Json.ToJsonString());
        return File;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
